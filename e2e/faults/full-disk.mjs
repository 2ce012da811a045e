// SQLite on a file system that fills up while clerks save, has room again, and is then killed: what was acknowledged is
// stored, whoever is told "ready" can save, and with room again everything is saved. Needs the right to mount a tmpfs.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { check } from "./check.mjs";
import { ask, demo, lost, report, rows, save, scratch, serve } from "./site.mjs";

const disk = scratch("disk");
execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", disk]);
try {
  const env = { THUOC_DATA: disk, RUST_LOG: "off" };
  demo(disk);
  let server = await serve(env, 8301);
  const clerk = await rows(server.address, "chuyenvien.xa-thanh-hung");
  const filler = path.join(disk, "full");
  const fill = () => {
    const file = fs.openSync(filler, "w");
    try {
      for (let size = 1 << 20; size >= 512; size >>= 1)
        try { for (;;) fs.writeSync(file, Buffer.alloc(size)); } catch {}
    } finally { fs.closeSync(file); }
  };
  const wrong = [];
  const told = { acknowledged: 0, refused: 0, unready: 0 };
  let turn = 0;
  const send = async () => {
    const row = clerk[turn % clerk.length];
    const text = `lần ${turn++} ${"x".repeat(2000)}`;
    const answer = await save(server.address, row, text);
    const done = answer.status === 200;
    if (!done && answer.status !== 503) wrong.push(`a save is refused with ${answer.status} instead of in words`);
    if (done) Object.assign(row, { revision: row.revision + 1, last: text });
    told[done ? "acknowledged" : "refused"]++;
    return done;
  };
  const ready = async () => (await ask(server.address, "GET", "/readyz")).status === 200;

  for (let at = 0; at < 10; at++) if (!(await send())) wrong.push("refused although there is room");
  fill();
  for (let at = 0; at < 30; at++) {
    const was = await ready();
    if (!was) told.unready++;
    if (!(await send()) && was) wrong.push(`save ${turn} is refused right after readiness said yes`);
  }
  if (!told.refused) wrong.push("the disk was never full");
  if (await ready()) wrong.push("ready although nothing can be written");
  fs.rmSync(filler);
  if (!(await ready())) wrong.push("not ready although there is room again");
  const refused = told.refused;
  for (let at = 0; at < 60; at++) await send();
  if (told.refused > refused) wrong.push(`${told.refused - refused} saves are refused although there is room again`);
  await server.kill();
  server = await serve(env, 8301);
  const file = path.join(disk, "thuoc.sqlite");
  wrong.push(...lost({ file }, clerk), ...check({ file }, env));
  await server.stop();
  report("SQLite after a full disk", told, wrong);
} finally {
  execFileSync("umount", ["-l", disk]);
}
