// What the fault runs share: servers of the real binary, requests as a person's browser sends them, the database as it is.

import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

export const BINARY = process.env.THUOC;
/** A document of one blank page. */
export const PDF =
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const PASSWORD = "thuoc-mau-2025";

/** Says what a run came to, and ends it with 1 where something was wrong. */
export function report(name, told, wrong) {
  console.log(`${wrong.length ? "FAILED" : "ok"}  ${name}: ${JSON.stringify(told)}`);
  for (const one of wrong.slice(0, 20)) console.log(`        ${one}`);
  if (wrong.length) process.exitCode = 1;
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Servers that run: a fault run that ends early leaves none behind. */
const running = new Set();
process.on("exit", () => running.forEach((one) => one.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** A running server; `kill()` is kill -9. */
export async function serve(env, port) {
  const address = `http://127.0.0.1:${port}`;
  const all = { PATH: process.env.PATH, RUST_LOG: "error", THUOC_TRUST_PROXY: "1", THUOC_LISTEN: `127.0.0.1:${port}`, ...env };
  const process_ = spawn(BINARY, ["serve"], { env: all, stdio: ["ignore", "ignore", "inherit"] });
  running.add(process_);
  process_.once("exit", () => running.delete(process_));
  for (let attempt = 0; ; attempt++) {
    const up = await ask(address, "GET", "/healthz").catch(() => null);
    if (up?.status === 200) break;
    if (attempt === 200) throw new Error(`no server at ${address}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const end = (signal) => new Promise((resolve) => (process_.once("exit", resolve), process_.kill(signal)));
  return { address, kill: () => end("SIGKILL"), stop: () => end("SIGTERM") };
}

/** A folder with the demo province in an embedded database. */
export const demo = (folder) => fs.cpSync(process.env.DEMO, folder, { recursive: true });

export const run = (env, ...words) => execFileSync(BINARY, words, { env: { PATH: process.env.PATH, RUST_LOG: "error", ...env }, stdio: ["ignore", "ignore", "inherit"] });

export function ask(address, method, target, { cookie, from, kind, body, accept = "application/json" } = {}) {
  const headers = { "sec-fetch-site": "same-origin", accept };
  if (cookie) headers.cookie = cookie;
  if (from) headers["x-forwarded-for"] = from;
  if (body !== undefined) Object.assign(headers, { "content-type": kind, "content-length": Buffer.byteLength(body) });
  return new Promise((resolve, reject) => {
    const request = http.request(`${address}${target}`, { method, headers }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(pieces).toString() }));
    });
    request.on("error", reject);
    request.setTimeout(60_000, () => request.destroy(new Error("no answer in a minute")));
    request.end(body);
  });
}

export const post = (address, target, cookie, fields) =>
  ask(address, "POST", target, { cookie, kind: "application/x-www-form-urlencoded", body: new URLSearchParams(fields).toString(), accept: "text/html" });

let offices = 0;
export async function signIn(address, login) {
  const body = new URLSearchParams({ login, password: PASSWORD }).toString();
  const from = `10.1.${offices >> 8}.${offices++ & 255}`;
  const answer = await ask(address, "POST", "/dang-nhap", { from, kind: "application/x-www-form-urlencoded", body });
  const cookie = (answer.headers["set-cookie"] ?? []).map((one) => one.split(";")[0]).join("; ");
  if (!cookie) throw new Error(`${login} does not get in (${answer.status})`);
  return cookie;
}

/** The indicators of a clerk's open sheet, with the revision each stands at. */
export async function rows(address, login) {
  const cookie = await signIn(address, login);
  const start = await ask(address, "GET", "/lam-viec", { cookie, accept: "text/html" });
  const sheet = /\/lam-viec\/phieu\/([0-9a-f-]{36})/.exec(start.text)?.[1];
  const page = (await ask(address, "GET", `/lam-viec/phieu/${sheet}`, { cookie, accept: "text/html" })).text;
  const codes = [...new Set([...page.matchAll(/#c(\d+(?:\.\d+)+)"/g)].map((found) => found[1]))];
  const all = codes.map((code) => ({ cookie, sheet, code, revision: 0, last: null }));
  for (const row of all) row.revision = (await read(address, row)).revision;
  return all;
}

export const read = async (address, row) =>
  JSON.parse((await ask(address, "GET", `/lam-viec/phieu/${row.sheet}/chi-so/${row.code}`, { cookie: row.cookie })).text);

export const save = (address, row, text) => {
  const body = JSON.stringify({ code: row.code, fields: {}, explanation: text, claim: null, revision: row.revision });
  return ask(address, "POST", `/lam-viec/phieu/${row.sheet}/tra-loi`, { cookie: row.cookie, kind: "application/json", body });
};

/** Rows of a query as objects: of a SQLite file, or of a PostgreSQL database as its superuser. */
export function query(database, sql) {
  if (database.file) {
    const text = execFileSync("sqlite3", ["-readonly", "-json", database.file, sql], { maxBuffer: 1 << 28 }).toString();
    return text.trim() ? JSON.parse(text) : [];
  }
  const json = `SELECT coalesce(json_agg(found), '[]') FROM (${sql}) AS found`;
  const text = execFileSync("psql", [...database.psql, "-At", "-c", json], { maxBuffer: 1 << 28 }).toString();
  return JSON.parse(text);
}

/** Rows of which what was acknowledged last is not what is stored. */
export function lost(database, rows) {
  const stored = query(database, `SELECT ${id(database, "assessment_id")} AS sheet, code, explanation FROM assessment_rows`);
  const kept = new Map(stored.map((row) => [`${row.sheet} ${row.code}`, row.explanation]));
  const gone = rows.filter((row) => row.last && kept.get(`${row.sheet.replaceAll("-", "")} ${row.code}`) !== row.last);
  return gone.map((row) => `${row.sheet} ${row.code}: an acknowledged save is lost`);
}

/** An id as a text, in either database. */
export const id = (database, column) => (database.file ? `lower(hex(${column}))` : `replace(${column}::text, '-', '')`);

export const scratch = (name) => fs.mkdtempSync(path.join(process.env.WORK, `${name}-`));
