// What is stored is altered past the application, one thing at a time: `thuoc verify` finds everything whole before, and
// names each alteration after. (`tenants/tests/tampering.rs` has every table, on both databases.)

import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { BINARY, query, report, scratch } from "./site.mjs";

const ALTERED = [
  ["UPDATE publications SET content = replace(content, '1', '2')", /publication .* does not match its hash/],
  ["DELETE FROM publications", /publication .* is gone/],
  ["UPDATE set_versions SET compiled = replace(compiled, '\"max\":\"', '\"max\":\"1')", /version .* does not match its hash/],
  ["UPDATE assessment_rows SET self_points = self_points - 1 WHERE self_points > 0", /is stored, .* comes out/],
  ["UPDATE assessment_rows SET explanation = 'khác'", /explanation differ/],
  ["DELETE FROM appraisals", /decision on .* is gone/],
  ["UPDATE members SET role = 'rule_admin' WHERE role = 'unit_editor'", /role differ/],
  ["UPDATE units SET official_code = official_code || 'x'", /official_code differ/],
  ["DELETE FROM audit_entries WHERE seq = (SELECT max(seq) FROM audit_entries)", /chain breaks/],
  ["UPDATE rankings SET rank = rank + 1", /ranking of .* differs/],
];

const whole = process.env.DEMO;
const verify = (folder) => spawnSync(BINARY, ["verify"], { env: { PATH: process.env.PATH, RUST_LOG: "error", THUOC_DATA: folder }, maxBuffer: 1 << 28 });
const wrong = [];
const before = verify(whole);
if (before.status !== 0) wrong.push(`before anything is altered: ${before.stdout.toString().slice(0, 500)} ${before.stderr}`);
for (const [sql, words] of ALTERED) {
  const folder = scratch("altered");
  fs.cpSync(whole, folder, { recursive: true });
  const file = path.join(folder, "thuoc.sqlite");
  const triggers = query({ file }, "SELECT name FROM sqlite_master WHERE type = 'trigger'").map(({ name }) => `DROP TRIGGER ${name};`);
  execFileSync("sqlite3", [file, `${triggers.join("")} ${sql};`]);
  const after = verify(folder);
  if (after.status === 0 || !words.test(after.stdout.toString())) wrong.push(`not named: ${sql}`);
  fs.rmSync(folder, { recursive: true });
}
report("what is altered past the application is named", { altered: ALTERED.length }, wrong);
