// Looks over a database from outside, with none of the application's own reading: the log against the rows it tells of, the
// stored scores against `thuoc rules score`, the ranks against a sort. Answers what does not fit, as lines.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { BINARY, id, query, scratch } from "./site.mjs";

const json = (value) => (typeof value === "string" ? JSON.parse(value) : value);

/** `env`: with which the application finds the database, for what it says itself. */
export function check(database, env) {
  const wrong = [...log(database), ...scores(database), ...ranks(database)];
  if (!env) return wrong;
  const verified = spawnSync(BINARY, ["verify"], { env: { PATH: process.env.PATH, RUST_LOG: "error", ...env }, maxBuffer: 1 << 28 });
  if (verified.status !== 0) wrong.push(`thuoc verify: ${verified.stdout.toString().slice(-600)} ${verified.stderr}`);
  return wrong;
}

/** Every authority's log is one chain, and each row holds what was last saved according to it. */
function log(database) {
  const wrong = [];
  const tenant = id(database, "tenant_id");
  const entries = query(database, `SELECT ${tenant} AS tenant, seq, action, subject_id, detail, previous_hash, hash FROM audit_entries ORDER BY 1, 2`);
  const ends = new Map();
  const saved = new Map();
  for (const entry of entries) {
    const last = ends.get(entry.tenant) ?? { seq: 0, hash: "" };
    if (entry.seq !== last.seq + 1 || entry.previous_hash !== last.hash) wrong.push(`log: entry ${entry.seq} does not follow ${last.seq}`);
    ends.set(entry.tenant, entry);
    if (entry.action !== "answer.save") continue;
    const detail = json(entry.detail);
    const key = `${entry.subject_id.replaceAll("-", "")} ${detail.code}`;
    saved.set(key, { detail, count: (saved.get(key)?.count ?? 0) + 1 });
  }
  for (const head of query(database, `SELECT ${tenant} AS tenant, seq, hash FROM audit_heads`))
    if ((ends.get(head.tenant)?.hash ?? "") !== head.hash) wrong.push(`log: the head is not the last entry (${head.seq})`);
  const kept = query(database, `SELECT ${id(database, "assessment_id")} AS sheet, code, explanation, revision FROM assessment_rows`);
  const rows = new Map(kept.map((row) => [`${row.sheet} ${row.code}`, row]));
  for (const [key, { detail, count }] of saved) {
    const row = rows.get(key);
    if (!row) wrong.push(`row ${key} is logged and not stored`);
    else if (row.explanation !== detail.explanation.trim()) wrong.push(`row ${key}: “${row.explanation}” stored, “${detail.explanation}” saved last`);
    else if (row.revision < count) wrong.push(`row ${key}: revision ${row.revision} after ${count} saves`);
  }
  return wrong;
}

/** What is stored of every sheet, scored once more by the command line under the version in force. */
function scores(database) {
  const wrong = [];
  const folder = scratch("check");
  const sheets = query(
    database,
    `SELECT ${id(database, "s.id")} AS sheet, ${id(database, "v.id")} AS version, v.source FROM assessments s
     JOIN ranking_groups g ON g.id = s.group_id JOIN set_versions v ON v.id = g.version_id
     JOIN periods p ON p.id = s.period_id WHERE p.stage IN ('self_assessment', 'appraisal')`,
  );
  const facts = query(database, `SELECT ${id(database, "assessment_id")} AS sheet, name, value FROM assessment_facts`);
  const rows = query(database, `SELECT ${id(database, "assessment_id")} AS sheet, code, inputs, claim, unconfirmed, own_points, self_points FROM assessment_rows`);
  let compared = 0;
  const own = (list, sheet) => list.filter((one) => one.sheet === sheet);
  for (const { sheet, version, source } of sheets) {
    const script = path.join(folder, `${version}.rhai`);
    if (!fs.existsSync(script)) fs.writeFileSync(script, source);
    const answers = { facts: {}, answers: {} };
    for (const fact of own(facts, sheet)) answers.facts[fact.name] = json(fact.value);
    for (const row of own(rows, sheet)) {
      const inputs = json(row.inputs);
      if (row.claim || Number(row.unconfirmed) || row.unconfirmed === true || !Object.keys(inputs).length) continue;
      answers.answers[row.code] = { inputs };
      if (row.own_points !== null) answers.answers[row.code].own_points = String(row.own_points / 10_000);
    }
    const card = score(script, answers, path.join(folder, `${sheet}.json`));
    if (!card) {
      wrong.push(`sheet ${sheet}: the command line does not score it`);
      continue;
    }
    for (const row of own(rows, sheet)) {
      if (!answers.answers[row.code]) continue;
      const points = card.get(row.code);
      const stored = row.self_points === null ? null : Number(row.self_points);
      const given = points === null || points === undefined ? null : Math.round(Number(points) * 10_000);
      compared++;
      if (stored !== given) wrong.push(`sheet ${sheet} ${row.code}: ${stored} stored, ${given} scored`);
    }
  }
  // A checker that compares nothing finds nothing.
  if (!compared) wrong.push("no stored score was compared");
  return wrong;
}

/** Points by code; indicators whose answers cannot be scored are left out and asked again. */
function score(script, answers, file) {
  for (let attempt = 0; attempt < 3; attempt++) {
    fs.writeFileSync(file, JSON.stringify(answers));
    const done = spawnSync(BINARY, ["rules", "score", script, "--answers", file], { maxBuffer: 1 << 26 });
    if (done.status === 0) return new Map(Object.entries(JSON.parse(done.stdout).indicators).map(([code, one]) => [code, one.points]));
    const bad = [...done.stderr.toString().matchAll(/error\[\w+\] (\d+(?:\.\d+)+):/g)].map((found) => found[1]);
    if (!bad.length) return null;
    for (const code of bad) delete answers.answers[code];
  }
  return null;
}

/** Equal indexes share a place unless something breaks the tie; nobody stands before a better one. */
function ranks(database) {
  const wrong = [];
  const lines = query(database, `SELECT ${id(database, "group_id")} AS of_group, rank, index_value, ties FROM rankings WHERE rank IS NOT NULL`);
  if (!lines.length) wrong.push("no rank was compared");
  for (const group of new Set(lines.map((line) => line.of_group))) {
    const mine = lines.filter((line) => line.of_group === group).sort((a, b) => b.index_value - a.index_value || a.rank - b.rank);
    mine.forEach((line, place) => {
      const better = mine.filter((other) => other.index_value > line.index_value).length;
      const same = mine.filter((other) => other.index_value === line.index_value).length;
      if (line.rank <= better || line.rank > better + same) wrong.push(`group ${group}: rank ${line.rank} at place ${place + 1}`);
    });
  }
  return wrong;
}


if (process.argv[1] === new URL(import.meta.url).pathname) {
  const wrong = check({ file: process.argv[2] });
  console.log(wrong.length ? wrong.join("\n") : "everything fits");
  process.exitCode = wrong.length ? 1 : 0;
}
