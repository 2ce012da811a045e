// Walks a page through small screens: nothing is left out, nothing pushes the page aside.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

/** The smallest phone, an ordinary one, and a desk at twice its size. */
const WIDTHS = [320, 390, 683];
/** Set to a folder, it gets a picture of every screen. */
const PICTURES = process.env.THUOC_PICTURES;

/** Whatever reaches past the right edge and does not scroll by itself inside something that is named and can be focused. */
const overflow = () => {
  const page = document.documentElement;
  if (page.scrollWidth <= window.innerWidth) return [];
  const scrolls = (element) => {
    for (let one = element.parentElement; one; one = one.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(one).overflowX)) return true;
    return false;
  };
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && !scrolls(one));
  return wide.slice(0, 5).map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`);
};

/** Cells of tables, and other content, that the width has taken away. */
const lost = () => {
  const cells = [...document.querySelectorAll("main td, main svg, main code, main meter, main progress")];
  const kept = (one) => one.closest("details:not([open])") || one.closest("[hidden], dialog, template");
  const gone = cells.filter((one) => !kept(one) && (one.textContent.trim() || one.tagName !== "TD") && one.getClientRects().length === 0);
  return gone.slice(0, 5).map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 40)}`);
};

export async function picture(page, name) {
  if (!PICTURES) return;
  fs.mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });
}

/** `address` whole; `named` are texts that must stand inside the screen at every width. */
export async function walk(page, name, address, named = []) {
  await page.goto(address);
  assert.equal(await page.locator("h1").count(), 1, `${address}: one heading`);
  const before = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await picture(page, `${name}-${width}`);
    assert.deepEqual(await page.evaluate(overflow), [], `${address} at ${width}`);
    assert.deepEqual(await page.evaluate(lost), [], `${address} at ${width}`);
    for (const text of named) assert.ok(await shown(page, text), `${address} at ${width}: ${text}`);
  }
  await page.setViewportSize(before);
}

/** Whether a text stands on the page where an eye without patience finds it: inside the screen's width. */
async function shown(page, text) {
  const found = page.getByText(text).filter({ visible: true }).first();
  const box = await found.boundingBox();
  const width = page.viewportSize().width;
  return box !== null && box.x >= 0 && box.x < width;
}

