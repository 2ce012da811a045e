// PostgreSQL is killed, and frozen, while a clerk saves: citizens read on, staff are told in words and at once, everything comes
// back by itself, and nothing acknowledged is lost. `scripts/faults database`.

import { Clerk, Run, must, pause, until } from "./servers.mjs";

const run = new Run();
try {
  console.log("PostgreSQL, the demo province, the application");
  const postgres = await run.postgres();
  const client = await run.thuoc(postgres.settings);
  const login = postgres.psql(
    "SELECT a.login FROM accounts a JOIN members m ON m.account_id = a.id JOIN assessments s ON s.unit_id = m.unit_id JOIN periods p ON p.id = s.period_id " +
      "WHERE m.role = 'unit_editor' AND p.stage = 'self_assessment' AND s.state IN ('drafting', 'not_started', 'returned') AND a.login LIKE 'chuyenvien.%' ORDER BY 1 LIMIT 1",
  );
  const clerk = await Clerk.open(client, login);
  const before = await client.citizensPage();
  must("a citizen reads the ranking", before.status === 200, before.status);
  for (const [name, away, back] of [
    ["killed", postgres.kill, postgres.start],
    ["frozen", postgres.freeze, postgres.thaw],
  ]) {
    console.log(`PostgreSQL is ${name}`);
    for (let turn = 0; turn < 20; turn++) await clerk.save();
    must("saves are acknowledged", clerk.acknowledged >= 20, clerk.acknowledged);
    away();
    await pause(2500);
    const first = await client.get("/lam-viec", clerk.cookie);
    must(`the first staff page is refused within 5 s (${Math.round(first.took)} ms)`, first.status === 503 && first.took < 5000, first);
    const next = await client.get("/lam-viec", clerk.cookie);
    must(`the next at once (${Math.round(next.took)} ms), in words, with Retry-After`, next.status === 503 && next.took < 300 && next.headers["retry-after"] && next.text.includes("Cơ sở dữ liệu"), next);
    const citizen = await client.get(before.target);
    must(`citizens read the same page (${Math.round(citizen.took)} ms)`, citizen.status === 200 && citizen.text === before.text, citizen);
    const ready = await client.get("/readyz");
    must("readiness says which part is down", ready.status === 503 && JSON.parse(ready.text).database === "down" && ready.took < 1500, ready);
    const refused = await clerk.save();
    must("a save is refused, not swallowed", refused.status === 503, refused);
    back();
    const took = await until("staff work again", async () => (await client.get("/lam-viec", clerk.cookie)).status === 200);
    must(`staff work again by themselves (${took} ms), still signed in`, took < 10_000, took);
    for (let turn = 0; turn < 5; turn++) must("saved", (await clerk.save()).status === 200);
    clerk.check(postgres.psql);
    must(`nothing of ${clerk.acknowledged} acknowledged saves is lost`, true);
  }
  must("verify finds everything as it was stored", postgres.verify().includes("Everything is as it was stored"));
  console.log("The database may go and come back.");
} finally {
  await run.end();
}
