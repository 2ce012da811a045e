// Many clerks saving at once: `node saves.mjs ADDRESS CLERKS SECONDS`. Each clerk has an indicator of the demo province
// and saves it over and over, the next one as soon as the last is acknowledged. Afterwards every indicator is read again: what was acknowledged last must
// be what stands there. Prints one line of JSON; exits with 1 when an acknowledged save is lost or the server failed.

import http from "node:http";

const [address, clerks, seconds] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const PASSWORD = "thuoc-mau-2025";
const agent = new http.Agent({ keepAlive: true, maxSockets: clerks });

function ask(method, path, { cookie, from, kind, body } = {}) {
  const headers = { "sec-fetch-site": "same-origin", accept: "application/json" };
  if (cookie) headers.cookie = cookie;
  if (from) headers["x-forwarded-for"] = from;
  if (body) Object.assign(headers, { "content-type": kind, "content-length": Buffer.byteLength(body) });
  return new Promise((resolve, reject) => {
    const request = http.request(`${address}${path}`, { method, headers, agent }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(pieces).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** A unit's clerk: the session and the sheet that can still be filled in. */
async function signIn(login, place) {
  const body = new URLSearchParams({ login, password: PASSWORD }).toString();
  const from = `10.0.${place >> 8}.${place & 255}`;
  const answer = await ask("POST", "/dang-nhap", { from, kind: "application/x-www-form-urlencoded", body });
  const cookie = (answer.headers["set-cookie"] ?? []).map((one) => one.split(";")[0]).join("; ");
  const start = await ask("GET", "/lam-viec", { cookie });
  const sheet = /\/lam-viec\/phieu\/([0-9a-f-]{36})/.exec(start.text)?.[1];
  if (!cookie || !sheet) throw new Error(`${login} does not get in (${answer.status})`);
  return { cookie, sheet };
}

/** The indicators of a sheet that can be written. */
async function rows({ cookie, sheet }) {
  const page = (await ask("GET", `/lam-viec/phieu/${sheet}`, { cookie })).text;
  const codes = [...new Set([...page.matchAll(/#c(\d+\.\d+)"/g)].map((found) => found[1]))];
  return codes.map((code) => ({ cookie, sheet, code, count: 0, revision: 0, last: "" }));
}

const save = (row, text) => {
  const body = JSON.stringify({ code: row.code, fields: {}, explanation: text, claim: null, revision: row.revision });
  return ask("POST", `/lam-viec/phieu/${row.sheet}/tra-loi`, { cookie: row.cookie, kind: "application/json", body });
};

const read = async (row) =>
  JSON.parse((await ask("GET", `/lam-viec/phieu/${row.sheet}/chi-so/${row.code}`, { cookie: row.cookie })).text);

const logins = process.env.LOGINS.split(" ");
const all = [];
for (const [place, login] of logins.entries()) {
  const mine = await rows(await signIn(login, place + 1));
  for (const row of mine) row.revision = (await read(row)).revision;
  all.push(...mine);
}
// The sheets take turns, so that every unit is at work.
all.sort((a, b) => a.code.localeCompare(b.code) || a.sheet.localeCompare(b.sheet));
const working = all.slice(0, clerks);
if (process.env.ONCE) {
  await save(working[0], "một lần");
  process.exit(0);
}

let failed = 0;
const waits = [];
const until = performance.now() + seconds * 1000;
await Promise.all(
  working.map(async (row, place) => {
    for (let turn = 0; performance.now() < until; turn++) {
      const text = `Người ${place}, lần ${turn}`;
      const begun = performance.now();
      const answer = await save(row, text).catch(() => ({ status: 0 }));
      if (answer.status !== 200) {
        failed++;
        continue;
      }
      waits.push(performance.now() - begun);
      Object.assign(row, { count: row.count + 1, last: text, revision: row.revision + 1 });
    }
  }),
);
let lost = 0;
for (const row of working) if (row.last && (await read(row)).explanation !== row.last) lost++;
waits.sort((a, b) => a - b);
const saves = working.reduce((sum, row) => sum + row.count, 0);
const p95 = Math.round(waits[Math.floor(waits.length * 0.95)] ?? 0);
console.log(JSON.stringify({ clerks: working.length, saves, rate: saves / seconds, p95, failed, lost }));
agent.destroy();
process.exit(lost || failed ? 1 : 0);
