// SQLite on a file system that fills up while clerks save, has room again, and is then killed: what was acknowledged is
// stored. Needs the right to mount a tmpfs.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { check } from "./check.mjs";
import { ask, query, report, rows, run, save, scratch, serve } from "./site.mjs";

const disk = scratch("disk");
execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", disk]);
try {
  const env = { THUOC_DATA: disk };
  run(env, "seed", "demo");
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
  const told = { acknowledged: 0, refused: 0, unready: 0 };
  const send = async (count) => {
    for (let at = 0; at < count; at++) {
      const row = clerk[at % clerk.length];
      const text = `lần ${told.acknowledged + told.refused} ${"x".repeat(2000)}`;
      const answer = await save(server.address, row, text);
      if (answer.status === 200) Object.assign(row, { revision: row.revision + 1, last: text });
      told[answer.status === 200 ? "acknowledged" : "refused"]++;
    }
  };
  await send(10);
  fill();
  await send(30);
  if ((await ask(server.address, "GET", "/readyz")).status === 503) told.unready++;
  fs.rmSync(filler);
  await send(60);
  const ready = (await ask(server.address, "GET", "/readyz")).status;
  await server.kill();
  const wrong = [];
  server = await serve(env, 8301);
  const file = path.join(disk, "thuoc.sqlite");
  const stored = new Map(query({ file }, "SELECT lower(hex(assessment_id)) || ' ' || code AS row, explanation FROM assessment_rows").map((one) => [one.row, one.explanation]));
  for (const row of clerk) {
    const key = `${row.sheet.replaceAll("-", "")} ${row.code}`;
    if (row.last && stored.get(key) !== row.last) wrong.push(`${row.code}: an acknowledged save is lost`);
  }
  if (ready !== 200) wrong.push("not ready although there is room again");
  if (!told.refused) wrong.push("the disk was never full");
  if (!told.unready) wrong.push("ready although nothing can be written");
  wrong.push(...check({ file }));
  await server.stop();
  report("SQLite after a full disk", told, wrong);
} finally {
  execFileSync("umount", ["-l", disk]);
}
