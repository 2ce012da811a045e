// Many files at once: `node uploads.mjs ADDRESS PID FILES MEGABYTES`. Every fourth has that size, the others a quarter, a
// sixteenth and a sixty-fourth of it. Each goes to an indicator of the demo province's clerk as one upload, all at the same
// time; then each is read back and compared by its SHA-256. Prints how far the server's memory rose; exits with 1 when a
// file is lost or other than it was.

import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import { Readable } from "node:stream";

const [address, pid, files, megabytes] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const agent = new http.Agent({ keepAlive: true, maxSockets: files });
const PIECE = 64 * 1024;

function ask(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { method, agent, headers: { "sec-fetch-site": "same-origin", accept: "application/json", ...headers } };
    const request = http.request(`${address}${path}`, options, resolve);
    request.on("error", reject);
    body ? body.pipe(request) : request.end();
  });
}

async function text(response) {
  const pieces = [];
  for await (const piece of response) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const resident = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

/** Sends a form and answers the cookie it sets. */
async function post(path, fields, cookie) {
  const form = new URLSearchParams(fields).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded", ...(cookie && { cookie }) };
  const answer = await ask("POST", path, headers, Readable.from([form]));
  answer.resume();
  return (answer.headers["set-cookie"] ?? []).map((one) => one.split(";")[0]).join("; ");
}

const password = "thuoc-mau-2025";
// More than any unit may bring: this is about memory.
await post("/lam-viec/ky/dung-luong", { quota: "1048576" }, await post("/dang-nhap", { login: "quanly", password }));
const cookie = await post("/dang-nhap", { login: "chuyenvien.so-tu-phap", password });
const sheet = /\/lam-viec\/phieu\/([0-9a-f-]{36})/.exec(await text(await ask("GET", "/lam-viec", { cookie })))[1];

/** Bytes of a file. */
const size = (number) => (megabytes * 1024 * 1024) / 4 ** (number % 4);

/** The objects of a document of one page, and where each begins. */
const objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"];
let opening = "%PDF-1.7\n";
const begins = objects.map((object, place) => {
  const begin = opening.length;
  opening += `${place + 1} 0 obj${object}endobj\n`;
  return begin;
});
opening += "4 0 obj<<>>stream\n";
const entries = begins.map((begin) => `${String(begin).padStart(10, "0")} 00000 n \n`).join("");
const ending = (length) => `\nendstream endobj\nxref\n0 4\n0000000000 65535 f \n${entries}trailer<</Size 4/Root 1 0 R>>\nstartxref\n${length + 18}\n%%EOF\n`;

/** A PDF with a stream of random bytes, never whole in this process either. */
async function upload(number) {
  const hash = createHash("sha256");
  const edge = `--thuoc`;
  const head = `${edge}\r\nContent-Disposition: form-data; name="file"; filename="tep-${number}.pdf"\r\nContent-Type: application/pdf\r\n\r\n`;
  async function* body() {
    yield Buffer.from(head);
    let length = opening.length;
    hash.update(opening);
    yield Buffer.from(opening);
    for (let sent = 0; sent < size(number) - PIECE; sent += PIECE) {
      const piece = randomBytes(PIECE);
      hash.update(piece);
      length += PIECE;
      yield piece;
    }
    hash.update(ending(length));
    yield Buffer.from(ending(length));
    yield Buffer.from(`\r\n${edge}--\r\n`);
  }
  const headers = { cookie, "content-type": "multipart/form-data; boundary=thuoc" };
  const answer = await ask("POST", `/lam-viec/phieu/${sheet}/chi-so/1.1/tlkc`, headers, Readable.from(body()));
  const row = JSON.parse(await text(answer));
  return { hash: hash.digest("hex"), row };
}

const idle = resident();
let peak = idle;
const watch = setInterval(() => (peak = Math.max(peak, resident())), 100);
const begun = performance.now();
const sent = await Promise.all(Array.from({ length: files }, (_, number) => upload(number)));
const seconds = (performance.now() - begun) / 1000;
clearInterval(watch);
const stored = new Map(JSON.parse(await text(await ask("GET", `/lam-viec/phieu/${sheet}/chi-so/1.1`, { cookie }))).evidence.map((item) => [item.sha256, item.id]));
let lost = 0;
for (const { hash } of sent) {
  const found = createHash("sha256");
  const id = stored.get(hash);
  if (id) for await (const piece of await ask("GET", `/lam-viec/tlkc/${id}`, { cookie })) found.update(piece);
  if (found.digest("hex") !== hash) lost++;
}
const whole = sent.reduce((sum, _, number) => sum + size(number), 0) / 1024 / 1024;
console.log(`${files} files of up to ${megabytes} MB at once, ${Math.round(whole)} MB in all, ${Math.round(whole / seconds)} MB/s; ${lost} lost or changed`);
console.log(`memory ${Math.round(idle)} MB at rest, ${Math.round(peak)} MB at most: ${(peak / idle).toFixed(2)} times, ${Math.round(peak - idle)} MB more (aim 64)`);
agent.destroy();
process.exit(lost ? 1 : 0);
