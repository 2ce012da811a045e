// Real servers of a fault run, in a folder of their own: they can be killed, frozen and started again. And the ways to look
// at what is stored that do not go through the application.

import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export const THUOC = process.env.THUOC;
const isRoot = process.getuid() === 0;
/** initdb and postgres refuse to run as root. */
const asPostgres = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Asks until it is so; answers how many milliseconds that took. */
export async function until(what, is, patience = 20_000) {
  const begun = performance.now();
  while (!(await is().catch(() => false))) {
    if (performance.now() - begun > patience) throw new Error(`not within ${patience} ms: ${what}`);
    await pause(50);
  }
  return Math.round(performance.now() - begun);
}

export class Run {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "thuoc-fault-"));
  #ends = [];

  constructor() {
    fs.chmodSync(this.folder, 0o711);
  }

  atEnd(act) {
    this.#ends.unshift(act);
  }

  async end() {
    for (const act of this.#ends) await act();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** PostgreSQL with real durability, migrated and with the demo province. */
  async postgres() {
    const bin = fs.readdirSync("/usr/lib/postgresql").map((version) => `/usr/lib/postgresql/${version}/bin`).at(-1);
    const data = path.join(this.folder, "pg");
    fs.mkdirSync(data);
    if (isRoot) execFileSync("chown", ["postgres", data]);
    const port = await freePort();
    const run = (program, args) => {
      const [head, ...rest] = [...asPostgres, `${bin}/${program}`, ...args];
      return execFileSync(head, rest, { stdio: ["ignore", "ignore", "ignore"] });
    };
    run("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
    const options = `-k ${data} -c listen_addresses=127.0.0.1 -c port=${port}`;
    const start = () => run("pg_ctl", ["-D", data, "-l", `${data}/log`, "-w", "-o", options, "start"]);
    const pid = () => Number(fs.readFileSync(`${data}/postmaster.pid`, "utf8").split("\n")[0]);
    start();
    const psql = (...commands) =>
      execFileSync("psql", ["-h", data, "-p", port, "-U", "postgres", "-d", "thuoc", "-At", "-v", "ON_ERROR_STOP=1", ...commands.flatMap((sql) => ["-c", sql])], { encoding: "utf8" }).trim();
    execFileSync("psql", ["-h", data, "-p", port, "-U", "postgres", "-q", "-c", "CREATE ROLE thuoc_owner LOGIN", "-c", "CREATE ROLE thuoc_app LOGIN", "-c", "CREATE DATABASE thuoc OWNER thuoc_owner"]);
    const settings = {
      DATABASE_URL: `postgres://thuoc_app@127.0.0.1:${port}/thuoc`,
      DATABASE_OWNER_URL: `postgres://thuoc_owner@127.0.0.1:${port}/thuoc`,
    };
    const env = { ...process.env, ...settings, THUOC_DATA: path.join(this.folder, "data"), RUST_LOG: "error" };
    execFileSync(THUOC, ["migrate"], { env, stdio: "ignore" });
    execFileSync(THUOC, ["seed", "demo"], { env, stdio: "ignore" });
    const family = () => [pid(), ...execFileSync("pgrep", ["-P", String(pid())], { encoding: "utf8" }).trim().split("\n").map(Number)];
    this.atEnd(() => {
      try { run("pg_ctl", ["-D", data, "-m", "immediate", "stop"]); } catch { /* it is down */ }
    });
    return {
      settings,
      psql,
      start,
      /** As a power cut would. */
      kill: () => run("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"]),
      freeze: () => family().forEach((one) => process.kill(one, "SIGSTOP")),
      thaw: () => family().forEach((one) => process.kill(one, "SIGCONT")),
      verify: () => execFileSync(THUOC, ["verify"], { env, encoding: "utf8" }),
    };
  }

  async redis() {
    const port = await freePort();
    let child;
    const cli = (...args) => execFileSync("redis-cli", ["-p", String(port), ...args], { encoding: "utf8" }).trim();
    const start = async () => {
      child = spawn("redis-server", ["--port", String(port), "--save", "", "--appendonly", "no"], { stdio: "ignore" });
      await until("redis answers", async () => cli("ping") === "PONG");
    };
    await start();
    this.atEnd(() => child.kill("SIGKILL"));
    return {
      settings: { REDIS_URL: `redis://127.0.0.1:${port}` },
      cli,
      start,
      kill: () => new Promise((resolve) => (child.once("exit", resolve), child.kill("SIGKILL"))),
      freeze: () => child.kill("SIGSTOP"),
      thaw: () => child.kill("SIGCONT"),
    };
  }

  /** The application; answers a client of it. */
  async thuoc(settings) {
    const port = await freePort();
    const log = fs.openSync(path.join(this.folder, "thuoc.log"), "a");
    const env = { PATH: process.env.PATH, RUST_LOG: "warn", THUOC_DATA: path.join(this.folder, "data"), THUOC_LISTEN: `127.0.0.1:${port}`, ...settings };
    const child = spawn(THUOC, ["serve"], { env, stdio: ["ignore", "ignore", log] });
    this.atEnd(() => child.kill("SIGKILL"));
    const client = new Client(`http://127.0.0.1:${port}`);
    await until("the application answers", async () => (await client.get("/healthz")).status === 200);
    return client;
  }
}

/** What a browser sends; `took` is in milliseconds. */
export class Client {
  constructor(address) {
    this.address = address;
  }

  ask(method, target, { cookie, kind, body, accept } = {}) {
    const headers = { "sec-fetch-site": "same-origin", ...(accept && { accept }), ...(cookie && { cookie }) };
    if (body !== undefined) Object.assign(headers, { "content-type": kind, "content-length": Buffer.byteLength(body) });
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      const request = http.request(`${this.address}${target}`, { method, headers }, (response) => {
        const pieces = [];
        response.on("data", (piece) => pieces.push(piece));
        response.on("end", () =>
          resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(pieces).toString(), took: performance.now() - begun }),
        );
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  get(target, cookie) {
    return this.ask("GET", target, { cookie });
  }

  async signIn(login, password = "thuoc-mau-2025") {
    const body = new URLSearchParams({ login, password }).toString();
    const answer = await this.ask("POST", "/dang-nhap", { kind: "application/x-www-form-urlencoded", body });
    const cookie = (answer.headers["set-cookie"] ?? []).map((one) => one.split(";")[0]).find((one) => one.startsWith("thuoc="));
    if (answer.status !== 303 || !cookie) throw new Error(`${login} does not get in: ${answer.status}`);
    return cookie;
  }

  /** Follows redirects to the page a citizen sees. */
  async citizensPage(target = "/") {
    for (let hop = 0; hop < 5; hop++) {
      const answer = await this.get(target);
      if (answer.status !== 303) return { target, ...answer };
      target = answer.headers.location;
    }
    throw new Error("redirects without end");
  }
}

/** A clerk who saves explanations into one indicator and remembers what was acknowledged. */
export class Clerk {
  acknowledged = 0;
  refused = 0;
  last = "";
  /** Sent and neither acknowledged nor refused: it may stand or not. */
  unknown = null;
  #count = 0;

  static async open(client, login) {
    const clerk = new Clerk();
    clerk.client = client;
    clerk.cookie = await client.signIn(login);
    const start = await client.get("/lam-viec", clerk.cookie);
    clerk.sheet = /\/lam-viec\/phieu\/([0-9a-f-]{36})/.exec(start.text)?.[1];
    const page = await client.get(`/lam-viec/phieu/${clerk.sheet}`, clerk.cookie);
    clerk.code = /#c(\d+\.\d+)"/.exec(page.text)?.[1];
    if (!clerk.sheet || !clerk.code) throw new Error(`${login} has nothing to fill in`);
    return clerk;
  }

  async save() {
    const row = await this.client.ask("GET", `/lam-viec/phieu/${this.sheet}/chi-so/${this.code}`, { cookie: this.cookie, accept: "application/json" });
    if (row.status !== 200) return (this.refused++, row);
    const text = `Lần lưu ${++this.#count}`;
    const body = JSON.stringify({ code: this.code, fields: {}, explanation: text, claim: null, revision: JSON.parse(row.text).revision });
    const answer = await this.client
      .ask("POST", `/lam-viec/phieu/${this.sheet}/tra-loi`, { cookie: this.cookie, kind: "application/json", accept: "application/json", body })
      .catch(() => ({ status: 0 }));
    if (answer.status === 200) [this.acknowledged, this.last, this.unknown] = [this.acknowledged + 1, text, null];
    else [this.refused, this.unknown] = [this.refused + 1, text];
    return answer;
  }

  /** What the database itself holds. */
  check(psql) {
    const stored = psql(`SELECT explanation FROM assessment_rows WHERE assessment_id = '${this.sheet}' AND code = '${this.code}'`);
    if (stored !== this.last && stored !== this.unknown) throw new Error(`lost: acknowledged “${this.last}”, stored “${stored}”`);
  }
}

export function must(what, yes, seen) {
  if (!yes) throw new Error(`${what}: ${JSON.stringify(seen)?.slice(0, 600)}`);
  console.log(`  ok: ${what}`);
}
