// The shell: the entrance works without scripts, signing in and out, errors in words, no console errors, axe-clean.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, demo, signIn } from "../harness.js";

const here = demo();

test("a wrong password is refused in words, and the name typed stays", async () => {
  const page = await here.browser.open({ javaScriptEnabled: false });
  await page.goto(`${here.server.address}/dang-nhap`);
  await page.fill("#login", "khong.co");
  await page.fill("#password", "sai");
  const [answer] = await Promise.all([page.waitForResponse((response) => response.request().method() === "POST"), page.click("form.card button")]);
  assert.equal(answer.status(), 422);
  assert.match(await page.textContent("main"), /không đúng/);
  assert.equal(await page.inputValue("#login"), "khong.co");
});

test("signing in opens the desk, signing out closes it", async () => {
  const page = await here.browser.open();
  await signIn(page, here.server.address, "quantri");
  assert.deepEqual(await axe(page), []);
  await page.click("form[action='/dang-xuat'] button");
  await page.waitForURL(`${here.server.address}/dang-nhap`);
  await page.goto(`${here.server.address}/lam-viec`);
  assert.match(page.url(), /\/dang-nhap\?tiep=\/lam-viec$/);
  assert.deepEqual(page.errors, []);
});

test("the entrance holds no script and is clean in both themes and languages", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await here.browser.open({ colorScheme });
    await page.goto(`${here.server.address}/dang-nhap`);
    for (const lang of ["en", "vi"]) {
      await page.click("a.language");
      await page.waitForURL(`${here.server.address}/dang-nhap`);
      assert.equal(await page.getAttribute("html", "lang"), lang);
      assert.equal(await page.locator("script").count(), 0);
      assert.deepEqual(await axe(page), []);
    }
    assert.deepEqual(page.errors, []);
  }
});

test("a page that does not exist says so", async () => {
  const page = await here.browser.open();
  const answer = await page.goto(`${here.server.address}/lam-viec/khong-co`);
  assert.equal(answer.status(), 404);
  assert.match(await page.textContent("h1"), /Không tìm thấy trang/);
  assert.deepEqual(await axe(page), []);
});
