// Small screens, doubled text, print and forced colours: nothing is left out, nothing pushes the page aside, and what is
// chosen stays to be seen.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { demo, signIn } from "../harness.js";

const here = demo();
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

async function picture(page, name) {
  if (!PICTURES) return;
  fs.mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });
}

async function walk(page, name, address, named) {
  await page.goto(here.server.address + address);
  assert.equal(await page.locator("h1").count(), 1, `${address}: one heading`);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await picture(page, `${name}-${width}`);
    assert.deepEqual(await page.evaluate(overflow), [], `${address} at ${width}`);
    assert.deepEqual(await page.evaluate(lost), [], `${address} at ${width}`);
    for (const text of named) assert.ok(await shown(page, text), `${address} at ${width}: ${text}`);
  }
}

/** Whether a text stands on the page where an eye without patience finds it: inside the screen's width. */
async function shown(page, text) {
  const found = page.getByText(text).filter({ visible: true }).first();
  const box = await found.boundingBox();
  const width = page.viewportSize().width;
  return box !== null && box.x >= 0 && box.x < width;
}

/** Where the demo's newest year is published. */
async function published(page) {
  await page.goto(`${here.server.address}/dien-bien`);
  return new URL(page.url()).pathname;
}

test("citizens' pages leave nothing out on a small screen", async () => {
  const page = await here.browser.open();
  const ranking = await published(page);
  const unit = await page.getAttribute(".table td a", "href");
  await page.goto(here.server.address + unit);
  const score = await page.getAttribute(".unit-section td a", "href");
  const [, tenant, , year, group] = ranking.split("/");
  await walk(page, "ranking", ranking, [/^\d+(,\d+)?\/\d+$/]);
  await walk(page, "unit", unit, [/^\d+,\d+%$/, /^\d+(,\d+)?\/\d+$/]);
  await walk(page, "score", score, [/\/\d/]);
  await walk(page, "methodology", `/${tenant}/phuong-phap/${year}/${group}`, [/điểm tối đa/i]);
  await walk(page, "compare", `/${tenant}/so-sanh/${year}/${group}`, []);
  await walk(page, "data", `/${tenant}/du-lieu/${year}`, []);
  await walk(page, "search", `/${tenant}/tim?q=so`, []);
  await walk(page, "home", "/", []);
  await walk(page, "district", "/huyen-dien-bien", []);
  await page.context().close();
});

test("each small bar says what it is", async () => {
  const page = await here.browser.open();
  await page.goto(here.server.address + (await published(page)));
  const names = await page.locator("svg.mini").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  assert.ok(names.length > 5);
  for (const name of names) assert.match(name, /^1\. [^\d:]{4,}: /);
  await page.context().close();
});

test("what is chosen is seen on paper and in forced colours", async () => {
  const page = await here.browser.open();
  await page.goto(here.server.address + (await published(page)));
  const chosen = page.locator(".segments a[aria-current]");
  const look = () => chosen.evaluate((one) => {
    const { color, textDecorationLine, outlineStyle } = getComputedStyle(one);
    const [r, g, b] = color.match(/\d+/g).map(Number);
    return { light: (r + g + b) / 3, line: textDecorationLine, outline: outlineStyle };
  });
  await page.emulateMedia({ media: "print" });
  await picture(page, "ranking-print");
  const printed = await look();
  assert.ok(printed.light < 110, `ink on white paper, not ${printed.light}`);
  assert.equal(printed.line, "underline");
  await page.emulateMedia({ media: "screen", forcedColors: "active" });
  await picture(page, "ranking-forced");
  const forced = await look();
  assert.equal(forced.line, "underline");
  assert.equal(forced.outline, "solid");
  await page.context().close();
});

async function staff(login, act) {
  const page = await here.browser.open();
  await signIn(page, here.server.address, login);
  await act(page);
  await page.context().close();
}

const href = async (page, selector) => page.locator(selector).first().getAttribute("href");

test("a clerk's pages leave nothing out on a small screen", async () => {
  await staff("chuyenvien.so-noi-vu", async (page) => {
    await walk(page, "start", "/lam-viec", []);
    const sheet = await href(page, "a.duty[href^='/lam-viec/phieu/']");
    const id = /phieu\/[^/]+/.exec(sheet)[0];
    await walk(page, "sheet", `/lam-viec/${id}`, [/\/\d+$/]);
    assert.ok(!(await page.textContent("main")).includes("JSON"), "data for machines is not in the clerk's way");
    const desk = await href(page, "main h2 a");
    await walk(page, "desk", desk, []);
    await walk(page, "improve", `/lam-viec/${id}/cai-thien`, []);
    await walk(page, "history", await page.evaluate(() => "") || `/lam-viec/${id}/chi-so/1.1/qua-trinh`, [/JSON/]);
  });
});

test("the council's and the manager's pages leave nothing out on a small screen", async () => {
  await staff("quanly", async (page) => {
    await walk(page, "periods", "/lam-viec/ky", []);
    const periods = await page.locator("main a[href^='/lam-viec/ky/']").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    const own = [...new Set(periods.map((one) => /^\/lam-viec\/ky\/[0-9a-f-]{36}/.exec(one)?.[0]).filter(Boolean))];
    for (const [at, period] of own.entries()) {
      await walk(page, `board-${at}`, period, [/\/\d+$/]);
      await walk(page, `minutes-${at}`, `${period}/phien-hop`, []);
    }
    await walk(page, "staff-ranking", `${own.at(-1)}/xep-hang`, []);
  });
  await staff("hoidong", async (page) => {
    await walk(page, "appraisals", "/lam-viec/tham-dinh", []);
    const unit = await href(page, "main td a[href^='/lam-viec/tham-dinh/']");
    if (unit) await walk(page, "appraise", unit, []);
    await page.goto(`${here.server.address}/lam-viec/tham-dinh`);
    const column = page.locator("main a[href^='/lam-viec/tham-dinh/nhom/']");
    if (await column.count()) await walk(page, "column", await column.first().getAttribute("href"), []);
  });
  await staff("bochiso", async (page) => {
    await walk(page, "sets", "/lam-viec/bo-chi-so", []);
    const set = await href(page, "main a[href^='/lam-viec/bo-chi-so/']");
    await walk(page, "workshop", set, []);
  });
});
