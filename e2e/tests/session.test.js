// A session that ends while somebody types: what was typed is saved once they have signed in again, in whichever tab, and
// never in somebody else's name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, islandsReady, signIn } from "../harness.js";

const here = demo();
const CLERK = "chuyenvien.xa-thanh-hung";
const field = "textarea[id^='giai-trinh-']";
const status = (page, text) =>
  page.waitForFunction((text) => document.querySelector(".desk-status").textContent.includes(text), text, { timeout: 20_000 });

/** A desk on which the session has ended under the clerk's hands, and a second tab of the same browser. */
async function ended(act) {
  const page = await here.browser.open();
  await signIn(page, here.server.address, CLERK);
  await page.click("a.duty");
  await page.click("main h2 a[href$='/5']");
  await islandsReady(page);
  await page.context().clearCookies();
  const text = `Gõ khi phiên đã hết ${Date.now()}`;
  const input = page.locator(field).first();
  await input.fill(text);
  await input.blur();
  await status(page, "Phiên làm việc đã hết");
  await act(page, await page.context().newPage(), text);
  await page.context().close();
}

test("after signing in in a second tab the first saves what it keeps, without being loaded anew", async () => {
  await ended(async (page, second, text) => {
    await signIn(second, here.server.address, CLERK);
    await status(page, "Đã lưu lúc");
    await page.reload();
    assert.equal(await page.locator(field).first().inputValue(), text);
  });
});

test("what one person typed is not saved in the name of another who signs in", async () => {
  await ended(async (page, second) => {
    await signIn(second, here.server.address, "quanly");
    await page.waitForResponse((response) => response.url().endsWith("/tra-loi") && response.status() === 401, { timeout: 20_000 });
    await status(page, "Phiên làm việc đã hết");
  });
});
