// From a PostgreSQL log of one save (log_statement=all, parameters in full) makes the same transaction for pgbench:
// `node replay.mjs LOG > save.sql`. Parameters become literals; the end of the audit chain is asked for, because a literal
// entry could continue it only once.

import fs from "node:fs";

const lines = fs.readFileSync(process.argv[2], "utf8").split("\n");
const transactions = [];
// Connections speak at the same time: each has a transaction of its own.
const open = new Map();
for (let place = 0; place < lines.length; place++) {
  const found = /\[(\d+)\] LOG: {2}(?:statement|execute [^:]+): (.*)$/.exec(lines[place]);
  if (!found) continue;
  const connection = found[1];
  let statement = found[2];
  while (lines[place + 1] !== undefined && lines[place + 1].startsWith("\t")) statement += ` ${lines[++place].trim()}`;
  const values = /DETAIL: {2}[Pp]arameters: (.*)$/.exec(lines[place + 1] ?? "");
  if (values) {
    place++;
    const literals = new Map([...values[1].matchAll(/\$(\d+) = (NULL|'(?:[^']|'')*')/g)].map(([, at, text]) => [at, text]));
    statement = statement.replace(/\$(\d+)/g, (_, at) => literals.get(at));
  }
  if (/^BEGIN/i.test(statement)) open.set(connection, []);
  open.get(connection)?.push(statement);
  if (/^(COMMIT|ROLLBACK)/i.test(statement)) {
    transactions.push(open.get(connection) ?? []);
    open.delete(connection);
  }
}
const save = transactions.find((one) => one.some((statement) => /INSERT INTO "?audit_entries/.test(statement)));
if (!save) throw new Error("the log holds no save");
const next = save.map((statement) => {
  if (!/INSERT INTO "?audit_entries/.test(statement)) return statement;
  const columns = /\(([^)]*)\) VALUES/.exec(statement)[1].split(",").map((name) => name.trim().replaceAll('"', ""));
  const [head, tail] = statement.split(/ VALUES \(/);
  const values = [...tail.matchAll(/('(?:[^']|'')*'|NULL|[^,()]+)(?:, |\))/g)].map((found) => found[1]);
  const end = (column) => `(SELECT ${column} FROM audit_heads WHERE tenant_id = ${values[columns.indexOf("tenant_id")]})`;
  values[columns.indexOf("seq")] = end("seq + 1");
  values[columns.indexOf("previous_hash")] = end("hash");
  return `${head} VALUES (${values.join(", ")})`;
});
process.stderr.write(`${next.length} statements, ${next.filter((one) => !/^(BEGIN|COMMIT)/i.test(one)).length} between begin and commit\n`);
for (const statement of next) console.log(`${statement.replaceAll("\n", " ")};`);
