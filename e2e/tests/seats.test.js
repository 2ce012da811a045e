// The council of a year: taken over from the year before, changed, put in force by a decision; a seat ends and its
// holder acts no more.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { demo, PDF } from "../harness.js";

const here = demo();
const { as, clean } = here;
const go = (page, place) => page.goto(`${here.server.address}${place}`);
let period = "";

test("the manager records the council, and the appraisal waits for its decision", async () => {
  const file = path.join(here.server.data, "QD hoi dong.pdf");
  fs.writeFileSync(file, PDF);
  await as("huyen.quanly", async (page) => {
    await go(page, "/lam-viec/ky");
    await page.click("summary:has-text('Tạo kỳ'), details.card > summary");
    await page.fill("#year", "2026");
    await page.fill("#name", "Đánh giá chuyển đổi số cấp xã năm 2026");
    await page.selectOption("#kind-xa", "commune");
    await page.click("form[action='/lam-viec/ky'] button");
    await page.waitForURL(/\/lam-viec\/ky\/[0-9a-f-]{36}$/);
    period = new URL(page.url()).pathname;
    await page.click("form[action$='/mo'] button");
    await page.waitForSelector("text=Chưa ghi quyết định thành lập Hội đồng");
    assert.equal(await page.locator("form[action$='/tham-dinh']").count(), 0, "nothing to start yet");
    await page.click(".next-step a[href$='/hoi-dong']");
    await clean(page);
    await page.click("button:has-text('Lấy theo hội đồng kỳ trước')");
    await page.waitForSelector("text=Đã chép 2 vị trí");
    await clean(page);
    await page.click("button[aria-label^='Bỏ Thành viên']");
    await page.waitForSelector("text=Đã bỏ khỏi dự thảo");
    await page.selectOption("#kind", "secretary");
    await page.selectOption("#account", { label: "Thành viên Hội đồng Huyện Điện Biên (Thành viên Hội đồng thẩm định)" });
    await page.fill("#field", "Kinh tế số, xã hội số");
    await page.click("form[action$='/hoi-dong'] button");
    await page.waitForSelector("text=chưa có vai trò cho vị trí đó");
    assert.equal(await page.inputValue("#field"), "Kinh tế số, xã hội số", "what was typed stays");
    page.errors = page.errors.filter((error) => !error.includes("422"));
    await page.selectOption("#kind", "member");
    await page.click("form[action$='/hoi-dong'] button");
    await page.waitForSelector("td:has-text('Kinh tế số, xã hội số')");
    await page.fill("#number", "45/QĐ-UBND");
    await page.setInputFiles("#file", file);
    await page.click("form[action$='/quyet-dinh'] button");
    await page.waitForSelector("text=Đang hoạt động");
    const kept = await page.getAttribute("a[href*='/hoi-dong/quyet-dinh/']", "href");
    const answer = await page.request.get(`${here.server.address}${kept}`);
    assert.equal(answer.headers()["content-type"], "application/pdf");
    await go(page, period);
    assert.equal(await page.locator("form[action$='/tham-dinh']").count(), 1);
    await page.check("#early");
    await page.click("form[action$='/tham-dinh'] button");
    await page.waitForSelector(".notice-green");
  });
});

test("a row the chair decided is scored again by a member who does not see the decision", async () => {
  await as("huyen.chutich", async (page) => {
    await go(page, "/lam-viec/tham-dinh");
    await page.click("main td a");
    const card = page.locator("[id='c1.1']");
    await card.locator("input[value=adjust]").check();
    await card.locator("input[name=points]").fill("4");
    await card.locator("select[name=reason_code]").selectOption("inspection");
    await card.locator("input[name=reason]").fill("Theo kết quả kiểm tra.");
    await card.locator(".decide-form button").first().click();
    await page.waitForLoadState("load");
    await go(page, `${period}/chenh-lech`);
    await page.click("form[action$='/cham-lai'] button");
    await page.waitForSelector("text=Đã rút 1 dòng");
    await clean(page);
  });
  await as("huyen.hoidong", async (page) => {
    await go(page, "/lam-viec/tham-dinh");
    await page.click("a[href='/lam-viec/cham-lai']");
    await clean(page);
    await page.click("main td a");
    assert.doesNotMatch(await page.textContent("main"), /Theo kết quả kiểm tra/, "blind");
    await clean(page);
    await page.fill("#points", "nhiều");
    await page.fill("#reason", "Có biên bản kèm theo.");
    await page.click("form[action*='/cham-lai/'] button");
    await page.waitForSelector("text=Điểm phải là số");
    assert.equal(await page.inputValue("#reason"), "Có biên bản kèm theo.", "what was typed stays");
    page.errors = page.errors.filter((error) => !error.includes("422"));
    await page.fill("#points", "5");
    await page.click("form[action*='/cham-lai/'] button");
    await page.waitForSelector(".notice-green");
    await go(page, `${period}/chenh-lech`);
    const line = page.locator("#cham-lai tbody tr");
    assert.match(await line.textContent(), /4,00.*5,00.*10,0/s);
    await clean(page);
  });
});

test("a seated member judges; once the seat ends, the server refuses", async () => {
  let sheet = "";
  await as("huyen.hoidong", async (page) => {
    await page.click("a.bell");
    await page.waitForSelector("text=năm 2026: bạn là thành viên Hội đồng thẩm định");
    await go(page, "/lam-viec/tham-dinh");
    sheet = await page.locator("main td a").first().getAttribute("href");
    await go(page, sheet);
    assert.ok((await page.locator(".decide-form").count()) > 0);
  });
  await as("huyen.quanly", async (page) => {
    await go(page, `${period}/hoi-dong`);
    await page.click("summary[aria-label^='Thành viên Hội đồng Huyện']");
    await clean(page);
    const form = page.locator("details[open] form[action$='/thoi']");
    await form.locator("input[name=reason]").fill("Chuyển công tác");
    await form.locator("button").click();
    await page.waitForSelector("h2:has-text('Đã thôi tham gia')");
    assert.match(await page.textContent("main"), /Chuyển công tác/);
    await clean(page);
  });
  await as("huyen.hoidong", async (page) => {
    await go(page, sheet);
    await page.waitForSelector("text=Bạn không có tên trong Hội đồng thẩm định của kỳ này");
    assert.equal(await page.locator(".decide-form").count(), 0);
    await clean(page);
    const form = { decision: "adjust", points: "0", reason: "x", reason_code: "other", revision: "0" };
    const headers = { origin: here.server.address };
    const address = `${here.server.address}${sheet}/chi-so/1.1`;
    const refused = await page.request.post(address, { form, headers, maxRedirects: 0 });
    assert.equal(refused.status(), 403);
    assert.match(await refused.text(), /Người lập danh sách Hội đồng: Quản lý kỳ Huyện Điện Biên/);
  });
  await as("huyen.chutich", async (page) => {
    await go(page, `${period}/phien-hop`);
    assert.equal(await page.inputValue("#chair"), "Chủ tịch Hội đồng Huyện Điện Biên");
    await clean(page);
    await page.click("form.minutes button");
    await page.waitForSelector("#secretary");
    assert.match(await page.textContent("main"), /Biên bản cần nội dung này/);
    page.errors = page.errors.filter((error) => !error.includes("422"));
    await page.fill("#secretary", "Văn phòng UBND huyện");
    await page.click("form.minutes button");
    await page.waitForSelector("text=Tải biên bản (Word)");
    assert.match(await page.inputValue("#present"), /Chủ tịch Hội đồng Huyện Điện Biên – Chủ tịch Hội đồng/);
  });
});
