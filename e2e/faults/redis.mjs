// Redis is killed, started empty, frozen, flushed and filled with rubbish while a clerk saves: nobody is signed out, no page
// fails, citizens read the same bytes. `scripts/faults redis`.

import { Clerk, Run, must, pause } from "./servers.mjs";

const run = new Run();
try {
  console.log("PostgreSQL, Redis, the demo province, two applications");
  const [postgres, redis] = [await run.postgres(), await run.redis()];
  const settings = { ...postgres.settings, ...redis.settings };
  const [client, other] = [await run.thuoc(settings), await run.thuoc(settings)];
  const login = postgres.psql(
    "SELECT a.login FROM accounts a JOIN members m ON m.account_id = a.id JOIN assessments s ON s.unit_id = m.unit_id JOIN periods p ON p.id = s.period_id " +
      "WHERE m.role = 'unit_editor' AND p.stage = 'self_assessment' AND s.state IN ('drafting', 'not_started', 'returned') AND a.login LIKE 'chuyenvien.%' ORDER BY 1 LIMIT 1",
  );
  const clerk = await Clerk.open(client, login);
  const before = await client.citizensPage();
  const rubbish = (act) => redis.cli("EVAL", `for _, key in ipairs(redis.call('KEYS', 'thuoc:*')) do ${act} end return 1`, "0");
  const troubles = {
    "filled with rubbish": () => rubbish("redis.call('SET', key, '<h1>Nothing of ours</h1>')"),
    "filled with another type": () => rubbish("redis.call('DEL', key) redis.call('RPUSH', key, 'a')"),
    "filled with each other's values": () => rubbish("if redis.call('TYPE', key).ok == 'string' then redis.call('COPY', redis.call('RANDOMKEY'), key, 'REPLACE') end"),
    flushed: () => redis.cli("FLUSHALL"),
    frozen: () => redis.freeze(),
    "going on": () => redis.thaw(),
    killed: () => redis.kill(),
    "started empty": () => redis.start(),
  };
  for (const [name, trouble] of Object.entries(troubles)) {
    console.log(`Redis is ${name}`);
    await trouble();
    await pause(1200);
    for (const replica of [client, other]) {
      const staff = await replica.get("/lam-viec", clerk.cookie);
      must(`the clerk is signed in (${Math.round(staff.took)} ms)`, staff.status === 200, staff);
      const citizen = await replica.get(before.target);
      must(`citizens read the same page (${Math.round(citizen.took)} ms)`, citizen.status === 200 && citizen.text === before.text, citizen.text);
      const again = await replica.signIn(login);
      must("somebody signs in", (await replica.get("/lam-viec", again)).status === 200);
      await replica.ask("POST", "/dang-xuat", { cookie: again, kind: "application/x-www-form-urlencoded", body: "" });
      for (const elsewhere of [client, other])
        must("who signs out is out, everywhere", (await elsewhere.get("/lam-viec", again)).status === 303);
    }
    const saved = await clerk.save();
    must("a save is acknowledged", saved.status === 200, saved);
    clerk.check(postgres.psql);
  }
  must("verify finds everything as it was stored", postgres.verify().includes("Everything is as it was stored"));
  console.log("Redis may do what it likes.");
} finally {
  await run.end();
}
