import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { QueueFull } from "../../lib/fair-queue/fair-queue.ts";
import type { Database } from "./database/database.ts";
import { openPglite } from "./database/pglite.ts";
import type { Handler } from "./handler.ts";
import { createSecrets, type Secrets } from "./keys.ts";
import { createLiteApp } from "./lite-app.ts";
import { bootstrap } from "./migrate.ts";

describe("requests on PGlite's one connection", () => {
  let database: Database;
  let secrets: Secrets;
  let handle: Handler;
  const log: string[] = [];

  beforeAll(async () => {
    database = await openPglite();
    secrets = await createSecrets();
    await bootstrap(database);
    handle = await createLiteApp(database, secrets, (line) => log.push(line));
    await database.transaction((tx) =>
      tx.script(`
        create table seen (n int);
        create function whoami() returns text language sql stable as 'select current_user::text';
        create function note(n int, fail boolean) returns void language plpgsql as $$
          begin
            insert into seen values (n);
            if fail then raise exception 'no'; end if;
          end $$;
        grant insert on seen to service_role;`),
    );
  });

  afterAll(() => database.close());

  const call = (name: string, key: string, body: object = {}) =>
    handle(
      new Request(`http://127.0.0.1/rest/v1/rpc/${name}`, {
        method: "POST",
        headers: { apikey: key, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    );

  it("never run in each other's transaction or role, even when they start at the same time", async () => {
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const roles = numbers.map(async (n) => {
      const key = n % 2 ? secrets.secretKey : secrets.publishableKey;
      return (await call("whoami", key)).json();
    });
    const notes = numbers.map((n) => call("note", secrets.secretKey, { n, fail: n % 3 === 0 }));
    const direct = database.query("select current_user::text as role");
    expect(await Promise.all(roles)).toEqual(numbers.map((n) => (n % 2 ? "service_role" : "anon")));
    expect(await direct).toEqual([{ role: "postgres" }]);
    await Promise.all(notes);
    expect(await database.query("select n from seen order by n")).toEqual(
      numbers.filter((n) => n % 3 !== 0).map((n) => ({ n })),
    );
  });

  it("report the database's errors to their callers, and not to the log", async () => {
    expect((await call("note", secrets.secretKey, { n: 1, fail: true })).status).toBe(400);
    expect((await call("no_such_function", secrets.secretKey)).status).toBe(404);
    expect(log).toEqual([]);
  });

  it("are told to come back while too much is waiting", async () => {
    const { inTurn, transaction } = database;
    const full = () => Promise.reject(new QueueFull("Too much work is waiting"));
    Object.assign(database, { inTurn: full, transaction: full });
    for (const key of [secrets.secretKey, secrets.publishableKey]) {
      const reply = await call("whoami", key);
      expect(reply.status).toBe(503);
      expect(reply.headers.get("retry-after")).toBe("1");
      expect(await reply.json()).toMatchObject({ code: "53300" });
    }
    Object.assign(database, { inTurn, transaction });
    expect((await call("whoami", secrets.secretKey)).status).toBe(200);
  });
});
