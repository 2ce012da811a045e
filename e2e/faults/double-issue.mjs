// PostgreSQL, two servers: the same draft is issued through both at once, and by a double click at one. It is one version.

import { PDF, ask, post, query, report, serve, signIn } from "./site.mjs";

const env = JSON.parse(process.env.POSTGRES);
const database = { psql: JSON.parse(process.env.PSQL) };
const servers = [await serve(env, 8321), await serve(env, 8322)];
const [first, second] = servers.map((server) => server.address);
const { set, login } = query(database, "SELECT s.id::text AS set, a.login FROM indicator_sets s JOIN members m ON m.tenant_id = s.tenant_id AND m.role = 'rule_admin' JOIN accounts a ON a.id = m.account_id JOIN tenants t ON t.id = s.tenant_id WHERE NOT t.four_eyes ORDER BY s.slug LIMIT 1")[0];
const cookie = await signIn(first, login);
const boundary = "----thuoc";
const part = (name, value, file = "") => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;

const wrong = [];
let answered = 0;
for (let round = 0; round < 10; round++) {
  const draft = query(database, `SELECT source, revision FROM set_drafts WHERE set_id = '${set}'`)[0];
  await post(first, `/lam-viec/bo-chi-so/${set}/ma`, cookie, { source: `${draft.source}\n// lần ${round}`, revision: draft.revision, act: "save" });
  const body = part("revision", draft.revision + 1) + part("decision_number", `${round}/HD`) + part("decision_date", "2025-12-01") + part("file", PDF, '; filename="qd.pdf"\r\ncontent-type: application/pdf') + `--${boundary}--\r\n`;
  // Asked for JSON: a form that is refused leads back to its page otherwise, which looks like one that is done.
  const send = (address) => ask(address, "POST", `/lam-viec/bo-chi-so/${set}/ban-hanh`, { cookie, kind: `multipart/form-data; boundary=${boundary}`, body });
  const answers = await Promise.all([send(first), send(second), send(first), send(second)]);
  answered += answers.filter((answer) => answer.status === 303).length;
  const versions = query(database, `SELECT number FROM set_versions WHERE set_id = '${set}' AND decision_number = '${round}/HD'`);
  if (versions.length !== 1) wrong.push(`round ${round}: ${versions.length} versions, answers ${answers.map((answer) => answer.status)}`);
}
if (answered !== 40) wrong.push(`${answered} of 40 forms were answered as done`);
report("a draft issued through two servers", { answered }, wrong);
for (const server of servers) await server.stop();
