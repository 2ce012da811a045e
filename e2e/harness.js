// Starts the real binary with the demo province on a free port, and Debian's Chromium with a fresh profile.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const BINARY = process.env.THUOC ?? fileURLToPath(new URL("../target/debug/thuoc", import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A document of one blank page. */
export const PDF =
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/** The password of every demo account. */
export const PASSWORD = "thuoc-mau-2025";

/**
 * A server over a folder of its own. `settings` are environment variables; `demo` loads the demo province; a `clock` makes
 * the server believe it is another moment, which it reads anew each time it looks, and loads the demo at that moment.
 */
export async function startServer({ settings = {}, demo = true, clock } = {}) {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "thuoc-e2e-"));
  const moved = clock ? clock.settings : {};
  const env = { PATH: process.env.PATH, RUST_LOG: "warn,thuoc=info", THUOC_DATA: data, THUOC_LISTEN: "127.0.0.1:0", ...moved, ...settings };
  if (demo && (clock || settings.DATABASE_URL)) seed(env);
  else if (demo) fs.cpSync(demoFolder(), data, { recursive: true });
  const server = spawn(BINARY, ["serve"], { env, stdio: ["ignore", "ignore", "pipe"] });
  const log = [];
  const address = await addressOf(server, log);
  const stop = async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    const patience = setTimeout(() => server.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(patience);
    fs.rmSync(data, { recursive: true, force: true });
  };
  return { address, data, log, stop };
}

/** A clock that is set by hand and goes on from there: for processes, through libfaketime. */
export class Clock {
  #file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "thuoc-e2e-clock-")), "offset");

  /** `moment` as in "2027-01-30T23:59:59+07:00". */
  set(moment) {
    const seconds = (Date.parse(moment) - Date.now()) / 1000;
    const unfinished = `${this.#file}.new`;
    fs.writeFileSync(unfinished, `${seconds < 0 ? "" : "+"}${seconds.toFixed(3)}\n`);
    fs.renameSync(unfinished, this.#file);
  }

  get settings() {
    const places = fs.readdirSync("/usr/lib").map((name) => `/usr/lib/${name}/faketime/libfaketime.so.1`);
    const library = places.find((place) => fs.existsSync(place));
    assert.ok(library, "libfaketime is not installed: run scripts/setup");
    return {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
  }
}

const seed = (env) => execFileSync(BINARY, ["seed", "demo"], { env, stdio: ["ignore", "ignore", "inherit"] });

/** The demo province takes half a minute to walk through; each build of the binary does it once, for all test files. */
function demoFolder() {
  const binary = path.resolve(BINARY);
  const mine = `thuoc-demo-${createHash("sha256").update(binary).digest("hex").slice(0, 8)}-`;
  const folder = path.join(os.tmpdir(), mine + Math.round(fs.statSync(binary).mtimeMs));
  while (!fs.existsSync(folder)) {
    if (firstTo(`${folder}.lock`)) makeDemo(folder, mine);
    else pause(200);
  }
  return folder;
}

/** Whether this process is the one that makes what `lock` stands for. A lock its owner left behind counts for three minutes. */
function firstTo(lock) {
  try {
    fs.mkdirSync(lock);
    return true;
  } catch {
    const made = fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > 180_000) fs.rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** Loads the demo province into `folder`, in the place of what an earlier build made, and gives the lock back. */
function makeDemo(folder, mine) {
  const lock = `${folder}.lock`;
  try {
    if (fs.existsSync(folder)) return;
    const old = fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith(mine) && name !== path.basename(lock));
    for (const name of old) fs.rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
    const unfinished = fs.mkdtempSync(path.join(os.tmpdir(), "thuoc-e2e-seed-"));
    seed({ PATH: process.env.PATH, RUST_LOG: "warn", THUOC_DATA: unfinished });
    fs.renameSync(unfinished, folder);
  } finally {
    fs.rmSync(lock, { recursive: true, force: true });
  }
}

const pause = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

function addressOf(server, log) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`the server did not say its address:\n${log.join("")}`)), 30_000).unref();
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${log.join("")}`)));
    server.stderr.on("data", (chunk) => {
      log.push(chunk.toString());
      const found = /address=("?)(http:\/\/[\d.:]+)\1/.exec(log.join("").replace(/\x1b\[[\d;]*m/g, ""));
      if (found) resolve(found[2]);
    });
  });
}

/** A browser; `open(options)` gives a page in a context of its own that collects console errors in `page.errors`. */
export async function startBrowser() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  const open = async (options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "vi-VN", ...options });
    const page = await context.newPage();
    page.errors = [];
    page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
    page.on("pageerror", (error) => page.errors.push(String(error)));
    return page;
  };
  return { open, stop: () => browser.close() };
}

export async function signIn(page, address, login, password = PASSWORD) {
  await page.goto(`${address}/dang-nhap`);
  await page.fill("#login", login);
  await page.fill("#password", password);
  await page.click("form.card button");
  await page.waitForURL(`${address}/lam-viec`);
}

/** The islands of the page answer from here on. */
export const islandsReady = (page) => page.waitForSelector("html[data-islands=ready]", { state: "attached" });

/** What axe finds against WCAG 2.2 AA, as short lines; an empty list is a clean page. */
export async function axe(page) {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/**
 * The demo province for the tests of one file: `server` and `browser` while they run, `as(login, act)` for a signed-in
 * page that must have left no console error at its end, `clean(page)` for what axe says.
 */
export function demo() {
  const here = {};
  before(async () => {
    here.server = await startServer();
    here.browser = await startBrowser();
  });
  after(async () => {
    await here.browser?.stop();
    await here.server?.stop();
  });
  here.as = async (login, act) => {
    const page = await here.browser.open();
    await signIn(page, here.server.address, login);
    await act(page);
    assert.deepEqual(page.errors, [], login);
    await page.context().close();
  };
  here.clean = async (page) => assert.deepEqual(await axe(page), [], page.url());
  return here;
}
