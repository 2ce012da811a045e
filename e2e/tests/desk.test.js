// Entering figures at the desk with the keyboard, as a clerk does who comes from a spreadsheet.

import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, islandsReady } from "../harness.js";

const here = demo();
const { as } = here;
const CLERK = "chuyenvien.so-noi-vu";

/** Opens a main index of the clerk's scorecard. */
async function open(page, main) {
  await page.click("a.duty");
  const sheet = new URL(page.url()).pathname.split("/").slice(0, 4).join("/");
  await page.goto(`${here.server.address}${sheet}/${main}`);
  await islandsReady(page);
}

const field = (page, code, name) => page.locator(`[id='f-${code}-${name}']`);

test("Enter before a shared figure goes on to it, and two numbers stay two", async () => {
  await as(CLERK, async (page) => {
    for (const [main, code, own, shared] of [
      ["4", "4.1", "so_nguoi_cds", "ccvc"],
      ["4", "4.2", "so_nguoi_attt", "ccvc"],
      ["3", "3.2", "so_may_ket_noi", "may_tram"],
      ["5", "5.3", "so_may_tram_av", "may_tram"],
    ]) {
      await page.goto(`${here.server.address}/lam-viec`);
      await open(page, main);
      const address = page.url();
      await field(page, code, own).fill("");
      await field(page, code, own).focus();
      await page.keyboard.type("2");
      await page.keyboard.press("Enter");
      await page.keyboard.type("41");
      assert.equal(await field(page, code, own).inputValue(), "2", code);
      assert.equal(await field(page, code, shared).inputValue(), "41", code);
      assert.equal(page.url(), address);
    }
  });
});

test("Enter on a choice goes on and does not send the form", async () => {
  await as(CLERK, async (page) => {
    await open(page, "1");
    const address = page.url();
    await page.evaluate(() => (window.stays = true));
    await field(page, "1.3", "co_chuyen_muc").check();
    await field(page, "1.3", "co_chuyen_muc").press("Enter");
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(() => window.stays), true, "the page was loaded again");
    assert.equal(page.url(), address);
    assert.notEqual(await page.evaluate(() => document.activeElement.name), "f-co_chuyen_muc", "the other choice is no other figure");
  });
});

test("a percentage may carry its sign", async () => {
  await as(CLERK, async (page) => {
    await open(page, "6");
    const figure = field(page, "6.11", "ty_le_hai_long");
    await figure.fill("85%");
    await Promise.all([page.waitForResponse((answer) => answer.url().endsWith("/tra-loi")), figure.press("Tab")]);
    await page.waitForFunction(() => document.querySelector("[id='f-6.11-ty_le_hai_long']").value === "85");
  });
});

test("a figure with levels leaves room for its label", async () => {
  await as(CLERK, async (page) => {
    for (const width of [1280, 1241, 1024, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${here.server.address}/lam-viec`);
      await open(page, "1");
      for (const label of await page.locator(".desk-label").all()) {
        const box = await label.boundingBox();
        assert.ok(box.width >= 150, `${width}: a label ${Math.round(box.width)} px wide`);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${width}: the page is ${wide} px too wide`);
    }
  });
});
