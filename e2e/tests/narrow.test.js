// Small screens, doubled text, print and forced colours: nothing is left out, nothing pushes the page aside, and what is
// chosen stays to be seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, signIn } from "../harness.js";
import { picture, walk as small } from "../narrow.js";

const here = demo();
const walk = (page, name, address, named) => small(page, name, here.server.address + address, named);

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
  await walk(page, "compare", `/${tenant}/so-sanh/${year}/${group}`);
  await walk(page, "data", `/${tenant}/du-lieu/${year}`);
  await walk(page, "search", `/${tenant}/tim?q=so`);
  await walk(page, "home", "/");
  await walk(page, "district", "/huyen-dien-bien");
  await page.context().close();
});

test("four units side by side stand below each other on a telephone", async () => {
  const page = await here.browser.open();
  const ranking = await published(page);
  const units = await page.$$eval(".table td a", (links) => links.map((link) => link.getAttribute("href").split("/").at(-1)));
  const [, tenant, , year, group] = ranking.split("/");
  const chosen = [...new Set(units)].slice(0, 4).map((unit) => `don-vi=${unit}`).join("&");
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(`${here.server.address}/${tenant}/so-sanh/${year}/${group}?${chosen}`);
  const table = page.locator(".table").first();
  assert.ok(await table.evaluate((one) => one.scrollWidth <= one.clientWidth), "nothing to push aside");
  assert.equal(await table.locator("tbody tr").first().locator("td[data-label]").count(), 4, "each value under its unit's name");
  await page.context().close();
});

test("paper carries no way through the site", async () => {
  const page = await here.browser.open();
  await signIn(page, here.server.address, "quanly");
  await page.goto(`${here.server.address}/lam-viec/ky`);
  await page.emulateMedia({ media: "print" });
  for (const way of [".staff-nav", ".who", ".breadcrumb"]) {
    for (const one of await page.locator(way).all()) assert.equal(await one.isVisible(), false, way);
  }
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
    await walk(page, "start", "/lam-viec");
    const sheet = await href(page, "a.duty[href^='/lam-viec/phieu/']");
    const id = /phieu\/[^/]+/.exec(sheet)[0];
    await walk(page, "sheet", `/lam-viec/${id}`, [/\/\d+$/]);
    assert.ok(!(await page.textContent("main")).includes("JSON"), "data for machines is not in the clerk's way");
    const desk = await href(page, "main h2 a");
    await walk(page, "desk", desk);
    await walk(page, "improve", `/lam-viec/${id}/cai-thien`);
    await walk(page, "history", `/lam-viec/${id}/chi-so/1.1/qua-trinh`, [/JSON/]);
  });
});

test("what the head signs is there on a small screen", async () => {
  await staff("lanhdao.so-noi-vu", async (page) => {
    const sheet = await href(page, "a.duty[href^='/lam-viec/phieu/']");
    const id = /phieu\/[^/]+/.exec(sheet)[0];
    await walk(page, "signing", `/lam-viec/${id}/ky`, [/\/\d+$/]);
  });
});

test("the council's and the manager's pages leave nothing out on a small screen", async () => {
  await staff("quanly", async (page) => {
    await walk(page, "periods", "/lam-viec/ky");
    const periods = await page.locator("main a[href^='/lam-viec/ky/']").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    const own = [...new Set(periods.map((one) => /^\/lam-viec\/ky\/[0-9a-f-]{36}/.exec(one)?.[0]).filter(Boolean))];
    for (const [at, period] of own.entries()) {
      await walk(page, `board-${at}`, period, [/\/\d+$/]);
      await walk(page, `minutes-${at}`, `${period}/phien-hop`);
    }
    await walk(page, "staff-ranking", `${own.at(-1)}/xep-hang`);
  });
  await staff("hoidong", async (page) => {
    await walk(page, "appraisals", "/lam-viec/tham-dinh");
  });
  await staff("bochiso", async (page) => {
    await walk(page, "sets", "/lam-viec/bo-chi-so");
    const set = await href(page, "main a[href^='/lam-viec/bo-chi-so/']");
    await walk(page, "workshop", set);
  });
});
