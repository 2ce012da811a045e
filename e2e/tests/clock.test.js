// A whole year under a moved clock: three units, two members of the council, from the plan to publication; with a deadline
// kept to the second, an extension, a claim not accepted, evidence brought late, members who may not judge their own unit,
// a petition, a result returned by the People's Committee, and the decision that publishes it.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { axe, Clock, PDF, signIn, startBrowser, startServer } from "../harness.js";

/** Unit codes of the demo province; the first two each have a member in the council. */
const UNITS = ["so-tai-chinh", "so-noi-vu", "so-tu-phap"];
const NAMES = ["Sở Tài chính", "Sở Nội vụ", "Sở Tư pháp"];

const clock = new Clock();
let server, browser;
let period = "";
/** Address of each unit's sheet. */
const sheets = [];

before(async () => {
  clock.set("2027-01-04T08:00:00+07:00");
  server = await startServer({ clock });
  browser = await startBrowser();
});
after(async () => {
  await browser?.stop();
  await server?.stop();
});

async function as(login, act) {
  const page = await browser.open();
  await signIn(page, server.address, login);
  await act(page);
  await page.context().close();
}

const go = (page, place) => page.goto(`${server.address}${place}`);
const clean = async (page) => assert.deepEqual(await axe(page), [], page.url());
const told = (page) => page.waitForSelector(".notice-green");

/** A POST as the page itself would send it. */
const post = (page, place, form) =>
  page.request.post(`${server.address}${place}`, { form, headers: { origin: server.address }, maxRedirects: 0 });

/** Leads back to the page of the form, with what was refused and why. */
const isRefused = (answer) => answer.status() === 303 && answer.headers().location.endsWith("#can-sua");

const saveRow = (page, sheet, answer) =>
  page.request.post(`${server.address}${sheet}/tra-loi`, { data: answer, headers: { origin: server.address } });

const rowOf = async (page, sheet, code) => (await page.request.get(`${server.address}${sheet}/chi-so/${code}`)).json();

/** What a clerk would enter: something of every figure the unit gives. */
function figures(row) {
  const text = { count: "8", number: "8", money: "8", percent: "80", yes_no: "true" };
  const value = (kind) => {
    const name = typeof kind === "string" ? kind : (kind.kind ?? Object.keys(kind)[0]);
    const options = kind.options ?? kind.levels ?? kind.level?.options ?? kind.level;
    if (Array.isArray(options)) return String(options[0].value ?? options[0][0]);
    return text[name];
  };
  const own = row.fields.filter((field) => field.value === "" && value(field.kind) !== undefined);
  return Object.fromEntries(own.map((field) => [field.name, value(field.kind)]));
}

/** Fills in a whole sheet and proves every row; `claim` names the row claimed as not applicable. */
async function fillIn(page, sheet, claim) {
  await go(page, sheet);
  const mains = await page.$$eval("main h2 a", (links) => links.map((link) => link.getAttribute("href")));
  for (const main of mains) {
    await go(page, main);
    const codes = await page.$$eval("article.indicator, article[id^=c]", (rows) => rows.map((row) => row.id.slice(1)));
    for (const code of new Set(codes)) await fillRow(page, sheet, code, claim);
  }
}

async function fillRow(page, sheet, code, claim) {
  const row = await rowOf(page, sheet, code);
  const answer = { code, fields: {}, seen: {}, explanation: "", claim: null, revision: row.revision };
  if (code === claim) answer.claim = { ground: "no_function", reason: "Đơn vị không có chức năng này." };
  else answer.fields = figures(row);
  const saved = await saveRow(page, sheet, answer);
  assert.equal(saved.status(), 200, `${code}: ${await saved.text()}`);
  const link = { title: `Báo cáo về chỉ số ${code}`, url: `https://example.com/2026/${code}` };
  const proven = await page.request.post(`${server.address}${sheet}/chi-so/${code}/tlkc`, {
    multipart: link,
    headers: { origin: server.address },
    maxRedirects: 0,
  });
  assert.ok(proven.status() < 400, `${code}: ${proven.status()} ${await proven.text()}`);
}

test("the manager opens the year for three units, with a council by decision", async () => {
  const decision = path.join(server.data, "Quyết định Hội đồng.pdf");
  fs.writeFileSync(decision, PDF);
  await as("quanly", async (page) => {
    await go(page, "/lam-viec/ky");
    await page.click("details.card > summary");
    await page.fill("#year", "2026");
    await page.fill("#name", "Đánh giá chuyển đổi số năm 2026");
    await page.fill("#self_deadline", "2027-01-29");
    await page.fill("#publish_deadline", "2027-03-31");
    await page.selectOption("#kind-so", "department");
    await page.click("form[action='/lam-viec/ky'] button");
    await page.waitForURL(/\/lam-viec\/ky\/[0-9a-f-]{36}$/);
    period = new URL(page.url()).pathname;
    await page.click("a[href$='/don-vi']");
    await clean(page);
    for (const row of await page.locator("main tbody tr").all()) {
      const stays = NAMES.includes((await row.locator("td").first().textContent()).trim());
      if (!stays) await row.locator("select").selectOption("");
    }
    await page.click("form[action$='/don-vi'] button");
    await told(page);
    assert.equal(await page.locator("main tbody tr").count(), UNITS.length);
    await page.click("form[action$='/mo'] button");
    await told(page);
    await go(page, `${period}/hoi-dong`);
    await page.click("form[action$='/ky-truoc'] button");
    await told(page);
    await page.fill("#number", "15/QĐ-UBND");
    await page.setInputFiles("#file", decision);
    await page.click("form[action$='/quyet-dinh'] button");
    await told(page);
    await go(page, period);
    const links = await page.$$eval("main tbody a[href^='/lam-viec/phieu/']", (found) =>
      found.map((link) => [link.textContent.trim(), link.getAttribute("href")]));
    for (const name of NAMES) sheets.push(Object.fromEntries(links)[name]);
  });
});

test("clerks fill in, one unit claims what it has no function for, heads sign", async () => {
  for (const [position, unit] of UNITS.entries()) {
    await as(`chuyenvien.${unit}`, (page) => fillIn(page, sheets[position], position === 0 ? "2.3" : undefined));
    // The third head is late.
    if (position < 2)
      await as(`lanhdao.${unit}`, async (page) => {
        await go(page, `${sheets[position]}/ky`);
        await page.fill("#signed_name", `Giám đốc ${NAMES[position]}`);
        await page.click("form[action$='/trinh'] button");
        await told(page);
      });
  }
});

test("the deadline is kept to the second, whatever the screen shows", async () => {
  clock.set("2027-01-29T23:59:50+07:00");
  await as(`chuyenvien.${UNITS[2]}`, async (page) => {
    const row = await rowOf(page, sheets[2], "1.2");
    const answer = (revision, explanation) => ({ code: "1.2", fields: {}, seen: {}, explanation, claim: null, revision });
    clock.set("2027-01-29T23:59:59+07:00");
    const inTime = await saveRow(page, sheets[2], answer(row.revision, "Ghi ở giây cuối cùng."));
    assert.equal(inTime.status(), 200, await inTime.text());
    clock.set("2027-01-30T00:00:00+07:00");
    const late = await saveRow(page, sheets[2], answer(row.revision + 1, "Ghi sau nửa đêm."));
    assert.equal(late.status(), 409, await late.text());
    assert.match(await late.text(), /29\/01\/2027/);
    assert.equal((await rowOf(page, sheets[2], "1.2")).explanation, "Ghi ở giây cuối cùng.");
  });
  await as(`lanhdao.${UNITS[2]}`, async (page) => {
    const signed = await post(page, `${sheets[2]}/trinh`, { signed_name: "Giám đốc Sở Tư pháp" });
    assert.ok(isRefused(signed), `${signed.status()}`);
  });
});

test("the unit that is late gets more time, for a reason, and submits late", async () => {
  clock.set("2027-02-01T08:00:00+07:00");
  await as("quanly", async (page) => {
    await go(page, period);
    const line = page.locator("tr", { hasText: NAMES[2] });
    await line.locator("summary").click();
    await line.locator("input[name=until]").fill("2027-02-06");
    await line.locator("input[name=reason]").fill("Mưa lũ, mất điện nhiều ngày");
    await line.locator("form[action$='/gia-han'] button").click();
    await page.waitForSelector(".notice-red");
    assert.equal(await line.locator("input[name=reason]").inputValue(), "Mưa lũ, mất điện nhiều ngày", "what was typed stays");
    await clean(page);
    await line.locator("input[name=until]").fill("2027-02-05");
    await line.locator("form[action$='/gia-han'] button").click();
    await told(page);
  });
  await as(`chuyenvien.${UNITS[2]}`, async (page) => {
    await page.click("a.bell");
    await page.waitForSelector("text=Mưa lũ, mất điện nhiều ngày");
  });
  await as(`lanhdao.${UNITS[2]}`, async (page) => {
    await go(page, `${sheets[2]}/ky`);
    await page.fill("#signed_name", "Giám đốc Sở Tư pháp");
    await page.click("form[action$='/trinh'] button");
    await told(page);
    assert.match(await page.textContent("main"), /nộp muộn/i);
  });
});

test("members judge, but not their own unit; the claim is not accepted", async () => {
  clock.set("2027-02-08T08:00:00+07:00");
  await as("quanly", async (page) => {
    await go(page, period);
    await page.click("form[action$='/tham-dinh'] button");
    await told(page);
  });
  const judging = sheets.map((sheet) => sheet.replace("/phieu/", "/tham-dinh/"));
  const own = { decision: "adjust", points: "0", reason: "x", reason_code: "other", revision: "0" };
  // The member from Sở Tài chính: the others' sheets open, the own one is closed by the server.
  await as("hoidong", async (page) => {
    assert.equal((await post(page, `${judging[0]}/chi-so/1.1`, own)).status(), 403);
    await go(page, judging[0]);
    await clean(page);
    assert.equal(await page.locator(".decide-form").count(), 0);
    for (const sheet of [judging[1], judging[2]]) {
      await go(page, sheet);
      await page.click("form[action$='/cong-nhan'] button");
      await told(page);
    }
  });
  await as("hoidong2", async (page) => {
    assert.equal((await post(page, `${judging[1]}/chi-so/1.1`, own)).status(), 403);
    await go(page, judging[0]);
    await page.click("form[action$='/cong-nhan'] button");
    await told(page);
    const card = page.locator("[id='c2.3']");
    assert.match(await card.textContent(), /không có chức năng này/);
    const form = card.locator(".decide-form").first();
    if (!(await form.isVisible())) await card.locator(".decide > summary").first().click();
    await form.locator("input[value=adjust]").check();
    await form.locator("input[name=points]").fill("0");
    await form.locator("select[name=reason_code]").selectOption("other");
    await form.locator("input[name=reason]").fill("Đơn vị có nhiệm vụ này theo quyết định chức năng, nhiệm vụ.");
    await form.locator("button").click();
    await page.waitForLoadState("load");
    assert.match(await page.locator("[id='c2.3'] .standing").textContent(), /0,00/);
  });
});

test("evidence brought late is marked, and what was decided before it is seen again", async () => {
  clock.set("2027-02-10T09:00:00+07:00");
  await as(`chuyenvien.${UNITS[1]}`, async (page) => {
    const late = await page.request.post(`${server.address}${sheets[1]}/chi-so/1.1/tlkc`, {
      multipart: { title: "Quyết định kiện toàn, bổ sung", url: "https://example.com/bo-sung" },
      headers: { origin: server.address },
      maxRedirects: 0,
    });
    assert.ok(late.status() < 400, await late.text());
  });
  const sheet = sheets[1].replace("/phieu/", "/tham-dinh/");
  await as("hoidong", async (page) => {
    await go(page, sheet);
    const card = page.locator("[id='c1.1']");
    assert.match(await card.textContent(), /Cần xem lại/);
    assert.match(await card.textContent(), /Bổ sung khi thẩm định/i);
    await clean(page);
  });
  await as("chutich", async (page) => {
    assert.ok(isRefused(await post(page, `${period}/ket-luan`, {})), "not over such a row");
  });
});

/** Settles every row still open, as the chair may. */
async function settle(page, sheet) {
  for (;;) {
    await go(page, sheet);
    const open = page.locator("article.appraise-row:has(.tag-quiet), article.appraise-row:has(.standing .tag-red)");
    if ((await open.count()) === 0) return;
    const card = open.first();
    const form = card.locator(".decide-form").first();
    if (!(await form.isVisible())) await card.locator(".decide > summary").first().click();
    if (await form.locator("input[value=accept]").count()) await form.locator("input[value=accept]").check();
    else {
      await form.locator("input[value=adjust]").check();
      await form.locator("input[name=points]").fill("0");
      await form.locator("select[name=reason_code]").selectOption("other");
      await form.locator("input[name=reason]").fill("Chưa có số liệu.");
    }
    await form.locator("button").click();
    await page.waitForLoadState("load");
  }
}

test("the provisional result goes out at one moment; a petition within its time is answered", async () => {
  clock.set("2027-02-22T08:00:00+07:00");
  await as("chutich", async (page) => {
    for (const sheet of sheets) await settle(page, sheet.replace("/phieu/", "/tham-dinh/"));
    await go(page, period);
    await page.fill("#until", "2027-02-27");
    await page.click("form[action$='/tam-thoi'] button");
    await page.waitForSelector(".notice-red");
    await page.fill("#until", "2027-02-26");
    await page.click("form[action$='/tam-thoi'] button");
    await told(page);
  });
  clock.set("2027-02-26T20:00:00+07:00");
  const text = "Đề nghị xem lại: đơn vị không có chức năng này theo Quyết định số 20/QĐ-UBND.";
  await as(`lanhdao.${UNITS[0]}`, async (page) => {
    clock.set("2027-02-26T23:59:59+07:00");
    const made = await post(page, `${sheets[0]}/hoi-dong/2.3/kien-nghi`, { text });
    assert.ok(made.status() === 303 && !isRefused(made), await made.text());
  });
  clock.set("2027-02-27T00:00:00+07:00");
  await as(`lanhdao.${UNITS[1]}`, async (page) => {
    assert.ok(isRefused(await post(page, `${sheets[1]}/hoi-dong/1.1/kien-nghi`, { text })), "too late");
  });
  clock.set("2027-03-01T09:00:00+07:00");
  await as("chutich", async (page) => {
    assert.ok(isRefused(await post(page, `${period}/ket-luan`, {})), "a petition waits");
    await page.click("a.bell");
    await page.locator("li", { hasText: "20/QĐ-UBND" }).first().locator("button").click();
    await page.fill("form[action$='/kien-nghi'] textarea", "Chấp nhận kiến nghị.");
    await page.click("form[action$='/kien-nghi'] button");
    await told(page);
    const card = page.locator("[id='c2.3']");
    await card.locator(".decide > summary").first().click();
    const form = card.locator(".decide-form").first();
    await form.locator("input[value=not_applicable]").check();
    await form.locator("input[name=reason]").fill("Chấp nhận kiến nghị của đơn vị.");
    await form.locator("button").last().click();
    await page.waitForLoadState("load");
    for (const sheet of sheets) await settle(page, sheet.replace("/phieu/", "/tham-dinh/"));
    await go(page, period);
    await page.click("form[action$='/ket-luan'] button");
    await told(page);
  });
});

test("the People's Committee returns the result once, then its decision publishes it", async () => {
  clock.set("2027-03-10T09:00:00+07:00");
  const submit = async (page, number) => {
    await go(page, `${period}/ke-hoach`);
    await page.fill("#submitted_number", number);
    await page.click("form[action$='/trinh'] button");
    await told(page);
  };
  await as("quanly", async (page) => {
    await submit(page, "31/TTr-STTTT");
    await go(page, period);
    await page.click("summary:has-text('trả lại kết quả')");
    await clean(page);
    await page.fill("#opinion", "Rà soát lại chỉ số 1.1 của Sở Nội vụ.");
    await page.click("form[action$='/thu-hoi'] button");
    await told(page);
  });
  await as("chutich", async (page) => {
    await page.click("a.bell");
    await page.waitForSelector("text=Rà soát lại chỉ số 1.1 của Sở Nội vụ.");
    await go(page, period);
    await page.click("form[action$='/ket-luan'] button");
    await told(page);
  });
  await as("quanly", (page) => submit(page, "33/TTr-STTTT"));
  clock.set("2027-03-25T09:00:00+07:00");
  await as("congbo", async (page) => {
    await go(page, `${period}/cong-bo`);
    await page.fill("#decision_number", "620/QĐ-UBND");
    await page.fill("#decision_date", "2027-03-24");
    await page.click("form[action$='/cong-bo'] button");
    await told(page);
  });
  const page = await browser.open({ javaScriptEnabled: false });
  await go(page, "/dien-bien/xep-hang/2026/so");
  assert.match(await page.textContent("main"), /620\/QĐ-UBND/);
  assert.equal(await page.locator("main tbody tr").count(), UNITS.length);
  await page.click("main tbody a:has-text('Sở Tài chính')");
  assert.match(await page.textContent("main"), /Không đánh giá/i);
  await page.context().close();
  await as("quantri", async (page) => {
    await go(page, "/lam-viec/nhat-ky?kiem=1");
    await page.waitForSelector("text=Chuỗi nhật ký nguyên vẹn");
  });
});
