// The council and the units: assignments, a question answered from the inbox, provisional results and a petition.

import assert from "node:assert/strict";
import { test } from "node:test";
import { demo } from "../harness.js";
import { walk } from "../narrow.js";

const here = demo();
const { as, clean } = here;
const go = (page, place) => page.goto(`${here.server.address}${place}`);
let period = "";

test("the appraisal starts, and the chair gives a member a part to judge", async () => {
  await as("huyen.quanly", async (page) => {
    await go(page, "/lam-viec/ky");
    period = await page.getAttribute("td a[href^='/lam-viec/ky/']", "href");
    await go(page, period);
    await page.click("summary:has-text('Đổi hạn của kỳ')");
    await clean(page);
    await page.fill("#self_deadline", "2020-01-30");
    await page.fill("#schedule-reason", "Trùng Tết");
    await page.click("form[action$='/han'] button");
    await page.waitForSelector("text=Hạn tự đánh giá đã qua");
    assert.equal(await page.inputValue("#schedule-reason"), "Trùng Tết", "what was typed stays");
    page.errors = page.errors.filter((error) => !error.includes("422"));
    await page.click("a:has-text('Chỉ số không đánh giá')");
    await clean(page);
    await go(page, period);
    await page.check("#early");
    await page.click("form[action$='/tham-dinh'] button");
    await page.waitForSelector(".notice-green");
  });
  await as("huyen.chutich", async (page) => {
    await go(page, `${period}/phan-cong`);
    await clean(page);
    await page.locator("select[name=main]").selectOption("1");
    await page.click("form[action$='/phan-cong'] button");
    await page.waitForSelector("text=Chưa có thành viên nào thẩm định");
    await clean(page);
    await page.click("form[action$='/bo'] button");
    await page.waitForSelector("text=mọi thành viên Hội đồng thẩm định");
  });
});

test("an indicator is judged across all units, and one unit is asked", async () => {
  await as("huyen.chutich", async (page) => {
    await go(page, "/lam-viec/tham-dinh");
    await clean(page);
    await page.click("nav.section-links a");
    await page.waitForSelector(".column-links");
    assert.equal(await page.locator(".unit-row").count(), 3, "every unit of the group");
    assert.equal(await page.locator(".unit-row[open]").count(), 1, "one to look at, the others a line each");
    await clean(page);
    const card = page.locator(".unit-row", { hasText: "Xã Thanh Nưa" });
    if ((await card.getAttribute("open")) === null) await card.locator("> summary").press("Enter");
    await card.locator("summary:has-text('Yêu cầu giải trình')").click();
    await card.locator("form[action$='/hoi'] textarea").fill("Đề nghị gửi quyết định còn hiệu lực.");
    await card.locator("form[action$='/hoi'] button").click();
    await page.waitForSelector(".notice-green");
    assert.match(await page.locator(".unit-row[open]").textContent(), /Xã Thanh Nưa.*còn hiệu lực/s);
    // Nobody is accepted in bulk who did not sign: where that is everybody, there is no button.
    const bulk = page.locator("button:has-text('đơn vị đủ minh chứng')");
    if (await bulk.count()) {
      await bulk.click();
      await page.waitForSelector(".notice-green");
    }
    assert.equal(await page.locator(".unit-row:has-text('Xã Thanh Nưa') > summary .tag-quiet").count(), 1, "the asked unit is left open");
  });
});

test("the council's desks leave nothing out on a small screen", async () => {
  await as("huyen.chutich", async (page) => {
    const at = (place) => `${here.server.address}${place}`;
    await walk(page, "council-units", at("/lam-viec/tham-dinh"), [/\/\d+$/]);
    await go(page, "/lam-viec/tham-dinh");
    const unit = await page.getAttribute("main td a", "href");
    const column = await page.getAttribute("nav.section-links a", "href");
    await walk(page, "council-unit", at(unit), [/^Tự đánh giá|Điểm tự đánh giá/]);
    await walk(page, "council-indicator", at(column));
    await walk(page, "council-ranking", at(`${period}/xep-hang`), [/\/\d+$/]);
    await walk(page, "council-minutes", at(`${period}/phien-hop`));
  });
});

test("the unit finds the question in its inbox and answers", async () => {
  await as("chuyenvien.xa-thanh-nua", async (page) => {
    assert.ok(Number.parseInt(await page.textContent(".bell .count"), 10) > 0);
    await page.click("a.bell");
    await clean(page);
    await page.locator("li", { hasText: "còn hiệu lực" }).locator("button").click();
    await page.waitForSelector("text=Chờ đơn vị trả lời");
    await clean(page);
    await page.fill("textarea[name=text]", "Quyết định số 15/QĐ-UBND, đã bổ sung.");
    await page.click("button:has-text('Gửi trả lời')");
    await page.waitForSelector(".notice-green");
    assert.match(await page.textContent("main"), /15\/QĐ-UBND/);
    assert.equal(await page.locator("text=Chờ đơn vị trả lời").count(), 0);
  });
});

test("the provisional result goes to all units, and a petition is answered", async () => {
  await as("huyen.chutich", async (page) => {
    await go(page, "/lam-viec/tham-dinh");
    const sheets = await page.$$eval("main td a", (links) => links.map((link) => link.getAttribute("href")));
    for (const sheet of sheets) {
      await go(page, sheet);
      const bulk = page.locator("form[action$='/cong-nhan'] button");
      if (await bulk.count()) await bulk.click();
      for (;;) {
        const open = page.locator("article.appraise-row:has(.tag-quiet)");
        if ((await open.count()) === 0) break;
        const form = open.first().locator(".decide-form").first();
        if ((await form.locator("input[value=accept]").count()) === 0) {
          await form.locator("input[name=points]").fill("0");
          await form.locator("select[name=reason_code]").selectOption("evidence");
          await form.locator("input[name=reason]").fill("Chưa có số liệu.");
        }
        await form.locator("button").click();
        await page.waitForLoadState("load");
      }
    }
    await go(page, `${period}/chenh-lech`);
    assert.match(await page.textContent("main"), /Chênh lệch tự đánh giá và thẩm định/);
    await clean(page);
    await go(page, period);
    await clean(page);
    await page.click("form[action$='/tam-thoi'] button");
    await page.waitForSelector("text=Đã thông báo kết quả tạm thời");
  });
  await as("lanhdao.xa-thanh-hung", async (page) => {
    await page.click("a.bell");
    await page.locator("li", { hasText: "kết quả thẩm định tạm thời" }).locator("button").click();
    await clean(page);
    const card = page.locator("article.appraise-row").first();
    await card.locator("summary:has-text('Kiến nghị về điểm này')").click();
    await card.locator("textarea").fill("Đề nghị xem lại biên bản tháng 6.");
    await card.locator("button:has-text('Gửi kiến nghị')").click();
    await page.waitForSelector("text=Chờ Hội đồng trả lời");
  });
  await as("huyen.chutich", async (page) => {
    await page.click("a.bell");
    await page.locator("li", { hasText: "biên bản tháng 6" }).locator("button").click();
    await page.fill("form[action$='/kien-nghi'] textarea", "Giữ nguyên: biên bản không có chữ ký.");
    await page.click("form[action$='/kien-nghi'] button");
    await page.waitForSelector("text=Hội đồng trả lời");
  });
  await as("lanhdao.xa-thanh-hung", async (page) => {
    await page.click("a.bell");
    await page.locator("li", { hasText: "đã trả lời kiến nghị" }).locator("button").click();
    await page.waitForSelector("text=biên bản không có chữ ký");
  });
});
