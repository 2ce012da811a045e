// The server is killed while clerks save, again and again, on SQLite or (POSTGRES) on PostgreSQL: what was acknowledged is
// stored, and whoever sends once more what was on its way is told it is done, whether it had been stored or not.

import path from "node:path";
import { check } from "./check.mjs";
import { demo, lost, pause, read, report, rows, save, scratch, serve } from "./site.mjs";

const onPostgres = Boolean(process.env.POSTGRES);
const env = onPostgres ? JSON.parse(process.env.POSTGRES) : { THUOC_DATA: scratch("kill") };
const database = onPostgres ? { psql: JSON.parse(process.env.PSQL) } : { file: path.join(env.THUOC_DATA, "thuoc.sqlite") };
if (!onPostgres) demo(env.THUOC_DATA);
let server = await serve(env, 8331);
const clerk = await rows(server.address, "chuyenvien.xa-thanh-hung");
const wrong = [];
const told = { acknowledged: 0, sentAgain: 0 };
for (let round = 0; round < 8; round++) {
  let killed = false;
  const saving = clerk.map(async (row, place) => {
    for (let turn = 0; !killed; turn++) {
      row.sent = `lần ${round}.${turn}, người ${place}`;
      const answer = await save(server.address, row, row.sent).catch(() => ({ status: 0 }));
      if (answer.status === 200) {
        Object.assign(row, { revision: row.revision + 1, last: row.sent, sent: null });
        told.acknowledged++;
      } else if (!killed) {
        wrong.push(`round ${round}: a save is answered ${answer.status} ${answer.text?.slice(0, 100)}`);
        return;
      }
    }
  });
  await pause(500 + 200 * round);
  killed = true;
  await server.kill();
  await Promise.all(saving);
  server = await serve(env, 8331);
  for (const row of clerk.filter((row) => row.sent)) {
    const again = await save(server.address, row, row.sent);
    told.sentAgain++;
    if (again.status !== 200) wrong.push(`${row.code}: sent once more, it is answered ${again.status}`);
    else Object.assign(row, { revision: (await read(server.address, row)).revision, last: row.sent });
    row.sent = null;
  }
}
if (!told.sentAgain) wrong.push("nothing was on its way when the server was killed");
await server.kill();
wrong.push(...lost(database, clerk), ...check(database, env));
report(`killed while ${clerk.length} rows are saved, on ${onPostgres ? "PostgreSQL" : "SQLite"}`, told, wrong);
