// A second year and a long appraisal: last year's figures, a large file over a broken line, the plan of the period, work
// split among clerks, figures corrected, an indicator re-opened, minutes, and what a unit learns from it all.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { demo, islandsReady, signIn } from "../harness.js";

const here = demo();
const { as, clean } = here;
const go = (page, place) => page.goto(`${here.server.address}${place}`);
let sheet = "";
let period = "";

/** A PDF larger than one piece: a page, and padding nobody shows. */
function largeFile() {
  const objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"];
  objects.push("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>");
  objects.push(`<< /Length 1800000 >>\nstream\n${"thuoc ".repeat(300000)}\nendstream`);
  const body = objects.map((text, place) => `${place + 1} 0 obj\n${text}\nendobj\n`).join("");
  const file = path.join(os.tmpdir(), `thuoc-e2e-${process.pid}.pdf`);
  fs.writeFileSync(file, `%PDF-1.4\n${body}trailer << /Size 5 /Root 1 0 R >>\n%%EOF\n`);
  return file;
}

test("the manager plans the year and attaches the guidance", async () => {
  await as("quanly", async (page) => {
    await go(page, "/lam-viec/ky");
    await page.click("summary:has-text('Dung lượng')");
    await page.fill("#quota", "3000");
    await page.click("form[action$='/dung-luong'] button");
    await page.waitForSelector(".notice-green:has-text('3000 MB')");
    await clean(page);
    period = await page.getAttribute("td a[href^='/lam-viec/ky/']", "href");
    await go(page, `${period}/ke-hoach`);
    await clean(page);
    await page.fill("#day", "2027-02-08");
    await page.fill("#day_name", "Tết Nguyên đán");
    await page.click("form[action$='/ngay-nghi'] button");
    await page.waitForSelector("text=08/02/2027 · Tết Nguyên đán");
    await page.fill("#title", "Hướng dẫn chấm điểm năm 2025");
    await page.fill("#url", "https://example.com/huong-dan");
    await page.click("form[action$='/huong-dan'] button");
    await page.waitForSelector("a:has-text('Hướng dẫn chấm điểm năm 2025')");
    await page.fill("#day_name", "Giỗ Tổ Hùng Vương");
    await page.fill("#appraise_until", "2020-01-01");
    await page.click("form[action$='/ke-hoach'] button");
    await page.waitForSelector("text=Ngày phải sau bước trước");
    assert.equal(await page.inputValue("#appraise_until"), "2020-01-01", "what was typed stays");
    assert.equal(await page.inputValue("#day_name"), "Giỗ Tổ Hùng Vương", "in the other forms of the page too");
    await clean(page);
    await go(page, period);
    assert.match(await page.locator(".timeline .now").textContent(), /Tự đánh giá/);
    await clean(page);
  });
});

test("what is not assessed is fixed in a matrix, and all sheets are reviewed at once", async () => {
  await as("quanly", async (page) => {
    await go(page, period);
    await page.locator("a[href$='/khong-danh-gia']").first().click();
    await clean(page);
    const cell = page.locator("input[aria-label^='Ban Dân tộc, 6.5']");
    await cell.check();
    await page.click("button[value=exempt]");
    await page.waitForSelector("text=Hãy ghi lý do");
    assert.ok(await cell.isChecked(), "what was chosen stays");
    page.errors = page.errors.filter((error) => !error.includes("422"));
    await page.fill("#reason", "Không có dịch vụ công trực tuyến.");
    await page.click("button[value=exempt]");
    await page.waitForSelector(".notice-green");
    const row = page.locator("tr", { hasText: "Ban Dân tộc" });
    assert.match(await row.textContent(), /CQ¹/);
    await row.locator("th a").click();
    assert.match(await page.textContent("main table"), /Cơ quan thường trực xác định.*Không có dịch vụ công/s);
    await clean(page);
    const paper = await page.context().request.get(here.server.address + (await page.getAttribute("a[href$='.docx']", "href")));
    assert.equal(paper.status(), 200);
    assert.match(paper.headers()["content-type"], /wordprocessingml/);
    await page.goto(page.url().replace("/khong-danh-gia", "/chi-so/6.5/qua-trinh"));
    assert.match(await page.textContent(".history"), /Được xác định không đánh giá/);

    await go(page, period);
    await page.click("a[href$='/ra-soat']");
    await clean(page);
    const all = await page.locator("main tbody tr").count();
    await page.selectOption("#quy-tac", "last_year");
    await page.click("form.filters button");
    const some = await page.locator("main tbody tr").count();
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    await page.locator("main tbody a").first().click();
    await page.waitForSelector(".desk, .appraise-row");
  });
});

test("last year's figures wait to be confirmed", async () => {
  await as("chuyenvien.so-tu-phap", async (page) => {
    await page.click("a[href*='/lam-viec/phieu/']");
    sheet = new URL(page.url()).pathname;
    await page.click("form[action$='/nam-truoc'] button");
    await page.waitForSelector(".notice-green");
    await clean(page);
    await go(page, `${sheet}/1`);
    await islandsReady(page);
    const first = page.locator("#c1\\.2");
    assert.match(await first.textContent(), /chưa xác nhận/);
    assert.match(await first.textContent(), /Năm 2024/);
    await first.locator(".confirm button").click();
    await page.waitForFunction(() => !document.querySelector("#c1\\.2 .indicator-points").textContent.includes("chưa xác nhận"));
    await page.fill("[id='f-1.2-so_cuoc_hop']", "99").catch(() => page.locator("#c1\\.2 input.num").first().fill("99"));
    await page.locator("#c1\\.2 input.num").first().blur();
    await page.waitForFunction(() => document.querySelector("#c1\\.2 .warn").textContent.includes("hơn 30 %"));
    await clean(page);
  });
});

test("a large file arrives whole although the line breaks", async () => {
  const file = largeFile();
  const page = await here.browser.open();
  await signIn(page, here.server.address, "chuyenvien.so-tu-phap");
  await go(page, `${sheet}/1`);
  await islandsReady(page);
  let broken = 0;
  await page.route("**/phan", (route) => (broken++ === 1 ? route.abort() : route.continue()));
  await page.click("#c1\\.2 .attach summary");
  assert.match(await page.textContent("#c1\\.2 .attach-form"), /đã dùng \d+ MB trong 3\.000 MB/);
  await page.setInputFiles("#c1\\.2 input[type=file]", file);
  await page.click("#c1\\.2 .attach-form button[type=submit]");
  await page.waitForSelector("#c1\\.2 .file a");
  assert.ok(broken > 4, "four pieces, one of them sent twice");
  const address = await page.getAttribute("#c1\\.2 .file a", "href");
  const stored = await page.request.get(`${here.server.address}${address}`);
  assert.ok(Buffer.compare(await stored.body(), fs.readFileSync(file)) === 0, "byte for byte");
  await page.click("#c1\\.2 .file summary[aria-label^='Xem nhanh']");
  await page.waitForSelector("#c1\\.2 iframe.preview");
  const archive = await page.request.get(`${here.server.address}${sheet}/ho-so.zip`);
  const bytes = await archive.body();
  assert.equal(bytes.subarray(0, 2).toString(), "PK");
  assert.ok(bytes.includes(Buffer.from("muc-luc.csv")) && bytes.length > 1_800_000);
  fs.rmSync(file);
  await page.context().close();
});

test("clerks split the work and leave each other a word", async () => {
  await as("chuyenvien.so-tu-phap", async (page) => {
    await go(page, `${sheet}/phan-viec`);
    await clean(page);
    await page.check("input[name=code][value='1.2']");
    await page.click(".team-give button");
    await page.waitForSelector(".team-rows .tag");
    await go(page, `${sheet}/1`);
    await islandsReady(page);
    await page.click("#c1\\.2 summary:has-text('Trao đổi nội bộ')");
    await page.fill("[id='trao-doi-1.2']", "Chờ biên bản họp quý IV");
    await page.click("#c1\\.2 form[action$='/trao-doi'] button");
    await page.waitForSelector("#c1\\.2 .talks:has-text('quý IV')");
  });
});

test("the council corrects a figure, an indicator is opened again, and the session is minuted", async () => {
  await as("quanly", async (page) => {
    await go(page, period);
    await page.check("#early");
    await page.click("form[action$='/tham-dinh'] button");
    await page.waitForSelector(".notice-green");
    await go(page, `${sheet}/mo-lai`);
    await clean(page);
    await page.check("input[name=code][value='1.2']");
    await page.fill("#reason", "Số cuộc họp nhập nhầm");
    await page.click("form[action$='/mo-lai'] button");
    await page.waitForSelector(".notice-green");
  });
  await as("chuyenvien.so-tu-phap", async (page) => {
    await go(page, `${sheet}/1`);
    await islandsReady(page);
    assert.match(await page.textContent("#c1\\.2"), /được mở lại để chỉnh sửa/);
    assert.ok(await page.locator("#c1\\.1 .desk-control select").first().isDisabled(), "only what was opened");
    const saved = page.waitForResponse((response) => response.url().endsWith("/tra-loi"));
    await page.locator("#c1\\.2 input.num").first().fill("3");
    await page.locator("#c1\\.2 input.num").first().blur();
    assert.equal((await saved).status(), 200);
  });
  await as("chutich", async (page) => {
    await go(page, sheet.replace("/phieu/", "/tham-dinh/"));
    const card = page.locator("article[id='c1.2']");
    await card.locator("input[value=correct]").check();
    await card.locator(".when-corrected input.num").first().fill("2");
    await card.locator("input[name=reason]").fill("Theo biên bản kiểm tra");
    await card.locator(".decide-form button").first().click();
    await page.waitForSelector("article[id='c1.2'] .standing:has-text('3 → 2')");
    await clean(page);
    await go(page, `${period}/phien-hop`);
    await clean(page);
    await page.fill("#chair", "Chủ tịch Hội đồng");
    await page.fill("#secretary", "Thư ký Hội đồng");
    await page.fill("#present", "Các thành viên Hội đồng");
    await page.fill("#conclusion", "Thống nhất kết quả.");
    await page.click("form.minutes button");
    await page.fill("#question", "Giữ nguyên điểm chỉ số 1.2");
    await page.fill("#in_favour", "4");
    await page.click("button[formaction$='/bieu-quyet']");
    await page.waitForSelector("text=Thông qua");
    await clean(page);
    const download = page.waitForEvent("download");
    await page.click("text=Tải biên bản (Word)");
    assert.match((await download).suggestedFilename(), /\.docx$/);
    await page.click("form[action$='/khoa'] button");
    await page.waitForSelector("text=Biên bản đã khóa");
    assert.equal(await page.locator("form.minutes").count(), 0, "sealed minutes are read only");
  });
});

test("a unit sees what would lift it and plans for next year", async () => {
  await as("chuyenvien.so-xay-dung", async (page) => {
    await page.click("a[href*='/lam-viec/phieu/']");
    await page.click("a:has-text('Phân tích và cải thiện')");
    await page.waitForSelector(".lifts li");
    assert.equal(await page.locator(".lifts li").count(), 3);
    await clean(page);
    await page.click(".lifts a");
    await page.waitForSelector("#thu");
    const figure = page.locator("#thu input.num").first();
    const typed = await figure.inputValue();
    await figure.fill(`${Number(typed.replaceAll(".", "")) + 1}`);
    await page.click("#thu form button");
    await page.waitForSelector("#thu .stat-facts, #thu dl, #thu .card");
    assert.match(await page.textContent("#thu"), /→/);
    await clean(page);
    await page.fill("#text", "Tổ chức tập huấn quý I");
    await page.click("form[action$='/viec'] button");
    await page.waitForSelector(".task:has-text('tập huấn')");
    await page.click(".task button");
    await page.waitForSelector(".task.replaced");
  });
});

test("anybody reads how a published score came about", async () => {
  const page = await here.browser.open({ javaScriptEnabled: false, viewport: { width: 400, height: 900 } });
  await go(page, "/dien-bien/xep-hang/2024/so");
  await page.click("main table a");
  await page.click(".unit-section a");
  await page.waitForSelector("text=Kết quả thẩm định");
  const data = await page.getAttribute("a[href*='/du-lieu/2024/so/']", "href");
  const told = await (await page.request.get(`${here.server.address}${data}`)).json();
  assert.equal(told.appraised.by, "Hội đồng thẩm định");
  assert.ok(told.score.explanation.steps.length > 0);
  await page.context().close();
});
