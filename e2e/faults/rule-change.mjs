// PostgreSQL, one server or two: the rules of a running period change 24 times while 1, 2, 4, 16 clerks save (an authority
// may ask each server for twelve simulations a minute, so each round waits for the next one). Every change gets through, no acknowledged save is overwritten, nobody waits long.

import { check } from "./check.mjs";
import { PDF, ask, lost, post, query, report, rows, save, serve, signIn } from "./site.mjs";

const env = JSON.parse(process.env.POSTGRES);
const database = { psql: JSON.parse(process.env.PSQL) };
const servers = [await serve(env, 8311), await serve(env, 8312)];
const [first, second] = servers.map((server) => server.address);
const period = query(database, "SELECT p.id::text AS id, g.id::text AS of_group, v.set_id::text AS set FROM periods p JOIN ranking_groups g ON g.period_id = p.id JOIN set_versions v ON v.id = g.version_id JOIN tenants t ON t.id = p.tenant_id WHERE p.stage = 'self_assessment' AND t.slug <> 'dien-bien' LIMIT 1")[0]
  ?? query(database, "SELECT p.id::text AS id, g.id::text AS of_group, v.set_id::text AS set FROM periods p JOIN ranking_groups g ON g.period_id = p.id JOIN set_versions v ON v.id = g.version_id WHERE p.stage = 'self_assessment' LIMIT 1")[0];
const logins = query(database, `SELECT DISTINCT a.login FROM accounts a JOIN members m ON m.account_id = a.id JOIN assessments s ON s.unit_id = m.unit_id WHERE m.role = 'unit_editor' AND s.period_id = '${period.id}' AND s.state IN ('drafting', 'not_started', 'returned') ORDER BY 1`).map((one) => one.login);
const manager = query(database, `SELECT a.login FROM accounts a JOIN members m ON m.account_id = a.id JOIN periods p ON p.tenant_id = m.tenant_id WHERE p.id = '${period.id}' AND m.role = 'rule_admin' LIMIT 1`)[0].login;
const admin = await signIn(first, manager);

/** Another version with one formula changed, so that there are two to change between and scores move. */
async function another() {
  const draft = query(database, `SELECT source, revision FROM set_drafts WHERE set_id = '${period.set}'`)[0];
  // Without the cases the author wrote for it: they hold for the formula as it was.
  const statement = /\.formula\("(ratio\([^()"]+\)) \* max"\)([^]*?);\n/;
  const without = (rest) => rest.replace(/\n *\.expect\([^\n]*/g, "");
  const source = draft.source.replace(statement, (_, ratio, rest) => `.formula("min(${ratio} * 2, 1) * max")${without(rest)};\n`);
  if (source === draft.source) throw new Error("no formula to change");
  await post(first, `/lam-viec/bo-chi-so/${period.set}/ma`, admin, { source, revision: draft.revision, act: "save" });
  const boundary = "----thuoc";
  const part = (name, value, file = "") => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
  const body = part("revision", draft.revision + 1) + part("decision_number", "31/HD") + part("decision_date", "2025-12-01") + part("file", PDF, '; filename="qd.pdf"\r\ncontent-type: application/pdf') + `--${boundary}--\r\n`;
  const answer = await ask(first, "POST", `/lam-viec/bo-chi-so/${period.set}/ban-hanh`, { cookie: admin, kind: `multipart/form-data; boundary=${boundary}`, body });
  if (answer.status !== 303) throw new Error(`the version was not issued: ${answer.status} ${answer.text.slice(0, 400)}`);
}
await another();
const versions = () => query(database, `SELECT id::text FROM set_versions WHERE set_id = '${period.set}' ORDER BY number DESC LIMIT 2`).map((one) => one.id);

async function change(round) {
  const from = query(database, `SELECT version_id::text AS id FROM ranking_groups WHERE id = '${period.of_group}'`)[0].id;
  const to = versions().find((version) => version !== from);
  const form = { group: period.of_group, from, version: to, reason: `Lần ${round}`, seen: "1" };
  await post(servers[round % 2].address, `/lam-viec/ky/${period.id}/quy-tac`, admin, form);
  // A form that was refused leads back to its page as well: what counts is what is in force.
  return query(database, `SELECT version_id::text AS id FROM ranking_groups WHERE id = '${period.of_group}'`)[0].id === to;
}

const CHANGES = 24;
const MINUTE = 61_000;

for (const clerks of [1, 2, 4, 16]) {
  if (clerks > 1) await new Promise((done) => setTimeout(done, MINUTE));
  const all = [];
  for (const login of logins) all.push(...(await rows(first, login)));
  const working = Array.from({ length: clerks }, (_, at) => all[Math.floor((at * all.length) / clerks)]);
  let stop = false;
  let failed = 0;
  const waits = [];
  const saving = working.map(async (row, place) => {
    for (let turn = 0; !stop; turn++) {
      const text = `Người ${place}, lần ${turn}`;
      const begun = performance.now();
      const answer = await save(place % 2 ? second : first, row, text).catch(() => ({ status: 0 }));
      waits.push(performance.now() - begun);
      if (answer.status === 200) Object.assign(row, { revision: row.revision + 1, last: text });
      else failed++;
    }
  });
  let changed = 0;
  for (let round = 0; round < CHANGES; round++) changed += Number(await change(round));
  stop = true;
  await Promise.all(saving);
  const wrong = lost(database, working);
  if (changed !== CHANGES) wrong.push(`${changed} of ${CHANGES} changes got through`);
  if (failed) wrong.push(`${failed} saves failed`);
  wrong.push(...check(database, env));
  waits.sort((a, b) => a - b);
  report(`rules change under ${clerks} clerks`, { changed, saves: waits.length, longest: Math.round(waits.at(-1)) }, wrong);
}
for (const server of servers) await server.stop();
