// Rules as configuration: a set from a pasted table to a period, and a formula changed while a period runs.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { demo, PDF } from "../harness.js";

const here = demo();
const { as, clean } = here;
const go = (page, place) => page.goto(`${here.server.address}${place}`);

/** Refusals are answers, too: the browser notes them, and here they are meant. */
function forgive(page, status) {
  page.errors = page.errors.filter((error) => !error.includes(String(status)));
}

const TABLE = [
  ["Stt", "Chỉ số", "Điểm tối đa"],
  ["1", "Nhận thức số", "60"],
  ["1.1", "Tổ chức họp về chuyển đổi số", "30"],
  ["1.2", "Tỷ lệ cán bộ được bồi dưỡng", "30"],
  ["2", "Hạ tầng số", "40"],
  ["2.1", "Có trang thông tin điện tử", "40"],
];

const pasted = (rows) => rows.map((row) => row.join("\t")).join("\n");

/** Opens the folded row of the panel and fills in one figure. */
async function addInput(page, row, { name, label, kind }) {
  const field = page.locator(`[name="input.${row}.name"]`);
  if (!(await field.isVisible())) await page.locator("details", { has: field }).locator("summary").click();
  await field.fill(name);
  await page.fill(`[name="input.${row}.label"]`, label);
  if (kind) await page.selectOption(`[name="input.${row}.kind"]`, kind);
}

async function save(page) {
  await page.click("#leaf-form .workshop-save .button-primary");
  await page.waitForLoadState("load");
}

let set = "";

test("a pasted table with a wrong row makes nothing and names the row", async () => {
  await as("huyen.bochiso", async (page) => {
    await go(page, "/lam-viec/bo-chi-so/moi");
    await clean(page);
    await page.fill("#name", "Bộ chỉ số cấp xã 2026");
    await page.fill("#table", pasted(TABLE.map((row) => (row[0] === "1.2" ? ["1.2", row[1], "nhiều"] : row))));
    await page.click("button[value=preview]");
    assert.match(await page.textContent(".notice-red"), /Dòng 4/);
    assert.equal(await page.inputValue("#name"), "Bộ chỉ số cấp xã 2026");
    await page.fill("#table", pasted(TABLE));
    await page.click("button[value=preview]");
    assert.match(await page.textContent("main"), /2 chỉ số chính, 3 chỉ số thành phần, tổng 100 điểm/);
    await clean(page);
    await page.click("button[value=create]");
    await page.waitForSelector(".workshop");
    set = new URL(page.url()).pathname;
    forgive(page, 422);
  });
});

test("formulas are written in the table editor, and a broken one is told where", async () => {
  await as("huyen.bochiso", async (page) => {
    await go(page, `${set}?muc=leaf:1.1`);
    await clean(page);
    await addInput(page, 0, { name: "so_cuoc_hop", label: "Số cuộc họp trong năm" });
    await page.fill("#formula", "target(so_cuoc_hopp, 4) * max");
    await page.waitForSelector("[data-live] .findings >> text=so_cuoc_hopp");
    assert.match(await page.textContent("[data-live]"), /Chưa khai báo “so_cuoc_hopp”\. Có phải “so_cuoc_hop”\?/);
    await page.fill("#formula", "target(so_cuoc_hop, 4) * max");
    await page.waitForFunction(() => !document.querySelector("[data-live] .findings")?.textContent.includes("so_cuoc_hopp"));
    await save(page);
    assert.match(await page.textContent(".notice-green"), /Đã lưu/);

    await go(page, `${set}?muc=leaf:1.2`);
    await addInput(page, 0, { name: "boi_duong", label: "Số cán bộ được bồi dưỡng" });
    await page.fill("#formula", "1");
    await save(page);
    await addInput(page, 1, { name: "tong", label: "Tổng số cán bộ" });
    await page.fill("#formula", "ratio(boi_duong, tong) * max");
    await page.selectOption("#zero", "zero");
    await save(page);

    await go(page, `${set}?muc=leaf:2.1`);
    await addInput(page, 0, { name: "co_trang", label: "Có trang thông tin điện tử", kind: "yes_no" });
    await page.fill("#formula", "if co_trang { max } else { 0 }");
    await save(page);
    await clean(page);
  });
});

test("what was typed comes back when it is refused, and Enter saves the formula as typed", async () => {
  await as("huyen.bochiso", async (page) => {
    await go(page, set);
    await page.fill("#basis", "Quyết định 2001/QĐ-UBND");
    await page.fill("#total", "một trăm");
    await page.press("#total", "Enter");
    await page.waitForSelector(".notice-red");
    assert.equal(await page.inputValue("#total"), "một trăm");
    assert.equal(await page.inputValue("#basis"), "Quyết định 2001/QĐ-UBND");
    forgive(page, 422);
    await go(page, `${set}?muc=leaf:1.1`);
    await page.fill("#formula", "target(so_cuoc_hop, 2 + 2) * max");
    await page.press("#max", "Enter");
    await page.waitForSelector(".notice-green");
    assert.equal(await page.inputValue("#formula"), "target(so_cuoc_hop, 2 + 2) * max");
    await page.fill("#formula", "target(so_cuoc_hop, 4) * max");
    await save(page);
  });
});

test("a preview of a copy or of a file shows it and makes nothing", async () => {
  await as("huyen.bochiso", async (page) => {
    const sets = async () => {
      await go(page, "/lam-viec/bo-chi-so");
      return page.locator("td a").count();
    };
    const before = await sets();
    await go(page, "/lam-viec/bo-chi-so/moi");
    await page.fill("#name", "Bản sao để xem");
    await page.selectOption("#start", await page.getAttribute("#start optgroup option", "value"));
    await page.click("button[value=preview]");
    await page.waitForSelector(".tree-leaf");
    assert.equal(await sets(), before);
    await go(page, "/lam-viec/bo-chi-so/moi");
    await page.fill("#name", "Từ tệp Word");
    await page.setInputFiles("#file", new URL("../fixtures/bang.docx", import.meta.url).pathname);
    await page.click("button[value=preview]");
    await page.waitForSelector(".tree-leaf >> text=Tỷ lệ cán bộ được bồi dưỡng");
    assert.match(await page.inputValue("#table"), /1\.1\tTổ chức họp/, "the table can be mended before anything is made");
    assert.equal(await sets(), before);
  });
});

test("figures are tried out, and suggested cases become stored ones", async () => {
  await as("huyen.bochiso", async (page) => {
    await go(page, `${set}?muc=leaf:1.1`);
    await page.fill("#try-so_cuoc_hop", "3");
    await page.waitForSelector(".try-outcome >> text=22,50/30");
    await page.click("summary:has-text('trường hợp gợi ý')");
    await page.click("button[name=suggest]");
    await page.waitForSelector(".case-results >> text=đạt");
    assert.ok((await page.locator(".case-results tr").count()) >= 2);
  });
});

test("comments in the code survive the table, and a draft that does not run is shown as code", async () => {
  await as("huyen.bochiso", async (page) => {
    await go(page, `${set}/ma`);
    await page.waitForSelector(".cm-editor");
    const source = await page.inputValue("#source");
    await retype(page, source.replace('group("', '// Căn cứ hướng dẫn năm 2026\ngroup("'));
    await page.click("button[value=save]");
    await page.waitForSelector(".notice-green");
    await go(page, `${set}?muc=leaf:1.1`);
    await page.fill("#guidance", "Đếm cuộc họp có thông báo kết luận.");
    await save(page);
    await go(page, `${set}/ma`);
    assert.match(await page.inputValue("#source"), /\/\/ Căn cứ hướng dẫn năm 2026\ngroup\(/);
    await clean(page);
  });
});

/** Replaces the whole text in the code editor, as pasted over everything selected. */
async function retype(page, text) {
  await page.click(".cm-content");
  await page.keyboard.press("Control+a");
  await page.locator(".cm-content").evaluate((editor, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

test("it is issued under a signed decision and a period opens on it", async () => {
  const file = path.join(here.server.data, "quyet-dinh.pdf");
  fs.writeFileSync(file, PDF);
  await as("huyen.bochiso", async (page) => {
    await go(page, `${set}/ban-hanh`);
    await clean(page);
    await page.fill("#decision_number", "12/QĐ-UBND");
    await page.fill("#decision_date", "2026-01-05");
    await page.setInputFiles("#file", file);
    await page.click("form.form .button-primary");
    await page.waitForSelector("text=Đã ban hành phiên bản mới");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("a:has-text('quyet-dinh.pdf')")]);
    assert.equal(fs.readFileSync(await download.path(), "latin1"), PDF);
  });
});

/** Name and index of the first lines of the ranking a running period would publish today. */
async function provisional(page, period) {
  await go(page, `${period}/xep-hang`);
  const rows = await page.$$eval("tbody tr", (all) => all.map((row) => row.innerText.replace(/\s+/g, " ").trim()));
  return rows;
}

/** What the unit of the clerk who is signed in would get at an indicator today. */
async function ownRow(page, code) {
  await go(page, "/lam-viec");
  const sheet = await page.getAttribute("main a[href^='/lam-viec/phieu/']", "href");
  const id = /\/lam-viec\/phieu\/[^/?#]+/.exec(sheet)[0];
  return (await page.request.get(`${here.server.address}${id}/chi-so/${code}`)).json();
}

test("a formula changes inside a running period and draft scores move without a restart", async () => {
  let period = "";
  let row;
  await as("chuyenvien.xa-thanh-hung", async (page) => {
    row = await ownRow(page, "1.1");
  });
  await as("huyen.quanly", async (page) => {
    await go(page, "/lam-viec/ky");
    period = await page.getAttribute("td a[href^='/lam-viec/ky/']", "href");
    await go(page, period);
    const early = page.locator("input[name=early]");
    if (await early.count()) await early.check();
    await page.click("form[action$='/tham-dinh'] button");
    await page.waitForSelector(".notice-green");
  });
  let before = [];
  await as("huyen.chutich", async (page) => {
    await go(page, "/lam-viec/tham-dinh");
    // What nobody signed is not accepted in bulk.
    before = await provisional(page, period);
    assert.ok(before.every((line) => line.includes("không tự đánh giá")), before.join("\n"));
  });
  await as("huyen.bochiso", async (page) => {
    await go(page, "/lam-viec/bo-chi-so");
    const old = await page.$$eval("td a", (links, made) => links.map((link) => link.getAttribute("href")).find((href) => href !== made), set);
    await go(page, `${old}?muc=leaf:1.1`);
    const formula = await page.inputValue("#formula");
    await page.fill("#formula", `half(${formula})`);
    await page.waitForSelector("[data-live] >> text=không đạt");
    // The stored cases hold the old points; the new guidance has new ones.
    for (const gone of await page.$$("[data-proof] .case-row")) {
      await gone.evaluate((row) => (row.open = true));
      const drop = await gone.$("input[type=checkbox]");
      if (drop) await drop.check();
    }
    await save(page);
    await go(page, `${old}/mo-phong`);
    await page.click("form.form .button-primary");
    await page.waitForSelector("text=Nội dung thay đổi");
    await clean(page);
    await go(page, `${old}/ban-hanh`);
    await page.fill("#decision_number", "13/HD-UBND");
    await page.fill("#decision_date", "2026-01-06");
    await page.setInputFiles("#file", path.join(here.server.data, "quyet-dinh.pdf"));
    await page.click("form.form .button-primary");
    await page.waitForSelector("text=Đã ban hành phiên bản mới");
    await go(page, `${period}/quy-tac`);
    await clean(page);
    await page.click("form[method=get] button");
    await page.waitForSelector("#reason");
    await clean(page);
    await page.fill("#reason", "Hướng dẫn chấm điểm sửa đổi");
    await page.check("form input[type=checkbox]");
    await page.click("button:has-text('Áp dụng ngay')");
    await page.waitForSelector(".notice-green");
  });
  await as("chuyenvien.xa-thanh-hung", async (page) => {
    await page.click("a.duty");
    await page.waitForSelector("text=Hướng dẫn chấm điểm sửa đổi");
    await clean(page);
    const moved = await ownRow(page, "1.1");
    assert.equal(moved.revision, row.revision, "nobody wrote it");
    assert.notEqual(JSON.stringify(moved), JSON.stringify(row), "it is scored by the new formula");
  });
  await as("huyen.chutich", async (page) => {
    assert.deepEqual(await provisional(page, period), before, "nobody but the council moves what it decided");
  });
});
