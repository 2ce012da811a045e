// A scorecard filled in with a spreadsheet program: taken away, changed, sent in, looked at, written.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import xlsx from "@e965/xlsx";
import { demo } from "../harness.js";

const here = demo();
const { as, clean } = here;
const CLERK = "chuyenvien.xa-thanh-hung";
const go = (page, place) => page.goto(`${here.server.address}${place}`);

/** Opens the clerk's scorecard and answers its address. */
async function sheet(page) {
  await page.click("a.duty");
  return new URL(page.url()).pathname;
}

/** The workbook as another program reads it, saved again with some cells changed, as a file to send in. */
async function changed(page, address, change) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[href$='/bieu.xlsx']")]);
  assert.match(download.suggestedFilename(), /^Phiếu .+ 2025\.xlsx$/);
  const book = xlsx.read(fs.readFileSync(await download.path()));
  const table = book.Sheets["Phiếu"];
  const row = (code) => Object.keys(table).find((at) => /^B\d+$/.test(at) && table[at].v === code)?.slice(1);
  change(table, row);
  const file = path.join(os.tmpdir(), `thuoc-bieu-${process.pid}-${Date.now()}.xlsx`);
  fs.writeFileSync(file, xlsx.write(book, { type: "buffer", bookType: "xlsx" }));
  return file;
}

async function send(page, file) {
  await page.setInputFiles("#file", file);
  await page.click("form[action$='/bieu'] button");
}

test("a filled workbook is shown first and then written whole", async () => {
  await as(CLERK, async (page) => {
    const address = await sheet(page);
    await go(page, `${address}/bieu`);
    await clean(page);
    const file = await changed(page, address, (table, row) => {
      table[`F${row("5.1")}`] = { t: "s", v: "1.300" };
      table[`K${row("5.1")}`] = { t: "s", v: "Theo báo cáo của điện lực." };
      table[`F${row("5.2")}`] = { t: "n", v: 900, f: "300*3" };
    });
    await send(page, file);
    await page.waitForSelector("text=Chưa có gì được ghi");
    await clean(page);
    const shown = await page.textContent("main");
    assert.match(shown, /1\.300/);
    assert.match(shown, /Theo báo cáo của điện lực/);
    assert.match(await page.textContent("section[data-code='5.2']"), /900/);
    await page.click("form[action$='/bieu/ghi'] button");
    await page.waitForSelector(".notice-green");
    assert.match(await page.textContent(".notice-green"), /2 chỉ số thay đổi/);
    await go(page, `${address}/5`);
    assert.equal(await page.inputValue("[id='f-5.1-khong_tien_mat']"), "1.300");
    fs.unlinkSync(file);
  });
});

test("a wrong cell is named, and nothing is written", async () => {
  await as(CLERK, async (page) => {
    const address = await sheet(page);
    await go(page, `${address}/bieu`);
    const file = await changed(page, address, (table, row) => {
      table[`F${row("5.1")}`] = { t: "s", v: "ba trăm" };
      table[`K${row("5.2")}`] = { t: "s", v: "Chưa được ghi" };
    });
    await send(page, file);
    await page.waitForSelector("[role=alert]");
    assert.match(await page.textContent("[role=alert]"), /Ô F\d+: Đây không phải là một số/);
    assert.equal(await page.locator("form[action$='/bieu/ghi'] button").count(), 0);
    await clean(page);
    page.errors = page.errors.filter((error) => !error.includes("422"));
    await go(page, `${address}/5`);
    assert.equal(await page.inputValue("[id='giai-trinh-5.2']"), "");
    fs.unlinkSync(file);
  });
});

test("what moved meanwhile is put side by side, and the clerk chooses", async () => {
  await as(CLERK, async (page) => {
    const address = await sheet(page);
    await go(page, `${address}/bieu`);
    const file = await changed(page, address, (table, row) => {
      table[`F${row("5.1")}`] = { t: "n", v: 1400 };
    });
    await go(page, `${address}/5`);
    await page.waitForSelector("html[data-islands=ready]", { state: "attached" });
    const saved = page.waitForResponse((response) => response.url().endsWith("/tra-loi"));
    await page.fill("[id='f-5.1-khong_tien_mat']", "1.350");
    await page.locator("[id='f-5.1-khong_tien_mat']").blur();
    assert.equal((await saved).status(), 200);
    await go(page, `${address}/bieu`);
    await send(page, file);
    await page.waitForSelector(".conflict");
    page.errors = page.errors.filter((error) => !error.includes("422"));
    assert.match(await page.textContent(".conflict"), /1\.350.*1\.400/s);
    await clean(page);
    await page.check("input[name='choice:5.1'][value=workbook]");
    await page.click("form[action$='/bieu/ghi'] button");
    await page.waitForSelector(".notice-green");
    await go(page, `${address}/5`);
    assert.equal(await page.inputValue("[id='f-5.1-khong_tien_mat']"), "1.400");
    fs.unlinkSync(file);
  });
});
