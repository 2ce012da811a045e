// Going back shows things as they are: the figure saved a moment ago, and nothing at all after signing out. Files dropped on
// the desk all arrive.

import assert from "node:assert/strict";
import { test } from "node:test";
import { demo, islandsReady, PDF, signIn } from "../harness.js";

const here = demo();
const CLERK = "chuyenvien.xa-thanh-hung";
const FIELD = "[id='f-5.2-nguoi_truong_thanh']";

/** The clerk's desk at main index 5. */
async function desk() {
  const page = await here.browser.open();
  await signIn(page, here.server.address, CLERK);
  await page.click("a.duty");
  await page.click("main h2 a[href$='/5']");
  await islandsReady(page);
  return page;
}

async function save(page, figure) {
  const saved = page.waitForResponse((response) => response.url().endsWith("/tra-loi"));
  await page.fill(FIELD, figure);
  await page.locator(FIELD).blur();
  assert.equal((await saved).status(), 200);
  await page.waitForFunction(() => document.querySelector(".desk-status").textContent.includes("Đã lưu"));
}

test("after Back the desk shows what was saved", async () => {
  const page = await desk();
  await save(page, "2.000");
  await page.click("#c5\\.2 a.history-link");
  await page.waitForSelector(".history");
  await page.goBack();
  await islandsReady(page);
  assert.equal(await page.inputValue(FIELD), "2.000");
  await save(page, "3.000");
  assert.deepEqual(page.errors, []);
});

test("a desk shown from the back cache asks for its rows again", async () => {
  const page = await desk();
  const other = await desk();
  await save(other, "1.500");
  const again = page.waitForNavigation();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await again;
  await islandsReady(page);
  assert.equal(await page.inputValue(FIELD), "1.500");
});

test("after signing out Back leads to the sign-in page", async () => {
  const page = await desk();
  await page.click("form[action='/dang-xuat'] button");
  await page.waitForURL(`${here.server.address}/dang-nhap`);
  await page.goBack();
  await page.waitForURL(/\/dang-nhap/);
  assert.equal(await page.locator(FIELD).count(), 0);
});

test("files dropped on the desk all arrive, also one after the other", async () => {
  const page = await desk();
  await page.click("#c5\\.2 .attach > summary");
  const drop = (names) =>
    page.evaluate(
      ([names, content]) => {
        const data = new DataTransfer();
        for (const name of names) data.items.add(new File([content.replace("%%EOF", `% ${name}\n%%EOF`)], name, { type: "application/pdf" }));
        const form = document.querySelector("[id='c5.2'] .attach-form");
        form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      [names, PDF],
    );
  await drop(["mot.pdf", "hai.pdf"]);
  await drop(["ba.pdf"]);
  await page.click("#c5\\.2 .attach-form button[type=submit]");
  await page.waitForFunction(() => document.querySelectorAll("[id='c5.2'] .file").length === 3);
  const told = await page.locator("#c5\\.2 .file > a").allTextContents();
  assert.deepEqual(told.sort(), ["ba.pdf", "hai.pdf", "mot.pdf"]);
  assert.deepEqual(page.errors, []);
});

test("the card of a document is corrected on the desk", async () => {
  const page = await desk();
  const first = page.locator("#c5\\.2 .file").first();
  await first.locator("summary", { hasText: "Sửa thông tin" }).click();
  await first.locator("input[name=number]").fill("12/BC");
  await first.locator(".attach-form button").click();
  await islandsReady(page);
  assert.match(await page.textContent("#c5\\.2 .files"), /12\/BC/);
});
