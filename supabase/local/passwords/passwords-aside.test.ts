import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Database } from "../database/database.ts";
import { openPglite } from "../database/pglite.ts";
import type { Handler } from "../handler.ts";
import { createSecrets } from "../keys.ts";
import { createLiteApp } from "../lite-app.ts";
import { bootstrap } from "../migrate.ts";
import { PasswordPool, TooManySignIns } from "./password-pool.ts";

const password = "correct horse battery";

describe("passwords", () => {
  let database: Database;
  let publishableKey: string;
  let handle: Handler;
  const log: string[] = [];

  beforeAll(async () => {
    // A hash takes a fifth of a second or more, far longer than a statement.
    vi.stubEnv("LITE_AUTH_BCRYPT_COST", "11");
    database = await openPglite();
    const secrets = await createSecrets();
    ({ publishableKey } = secrets);
    await bootstrap(database);
    handle = await createLiteApp(database, secrets, (line) => log.push(line));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await database.close();
  });

  const auth = async (method: string, path: string, json: object, token?: string) => {
    const headers = {
      apikey: publishableKey,
      "Content-Type": "application/json",
      ...(token && { Authorization: `Bearer ${token}` }),
    };
    const body = JSON.stringify(json);
    const url = `http://127.0.0.1/auth/v1/${path}`;
    const response = await handle(new Request(url, { method, headers, body }));
    return { status: response.status, body: (await response.json()) as { access_token: string } };
  };
  const signIn = (email: string, tried = password) =>
    auth("POST", "token?grant_type=password", { email, password: tried });

  it("are hashed while the database serves others", async () => {
    await auth("POST", "signup", { email: "a@example.com", password });
    const settled: string[] = [];
    const slow = [
      signIn("a@example.com").then(() => settled.push("sign-in")),
      signIn("a@example.com", "wrong password").then(() => settled.push("wrong")),
      auth("POST", "signup", { email: "b@example.com", password }).then(() =>
        settled.push("sign-up"),
      ),
    ];
    for (let i = 0; i < 5; i++) await database.query("select 1");
    expect(settled).toEqual([]);
    await Promise.all(slow);
  });

  it("open the account, and no others do", async () => {
    const up = await auth("POST", "signup", { email: "c@example.com", password });
    expect(up.status).toBe(200);
    expect((await signIn("c@example.com")).status).toBe(200);
    expect((await signIn("c@example.com", "wrong password")).status).toBe(400);
    expect((await signIn("nobody@example.com")).status).toBe(400);
  });

  it("can be changed", async () => {
    const up = await auth("POST", "signup", { email: "d@example.com", password });
    const changed = { password: "another horse battery" };
    expect((await auth("PUT", "user", changed, up.body.access_token)).status).toBe(200);
    expect((await signIn("d@example.com")).status).toBe(400);
    expect((await signIn("d@example.com", changed.password)).status).toBe(200);
  });

  it("make one account of two sign-ups with the same address at once", async () => {
    const twice = await Promise.all(
      [1, 2].map(() => auth("POST", "signup", { email: "e@example.com", password })),
    );
    expect(twice.filter(({ status }) => status === 200)).toHaveLength(1);
    const rows = await database.query("select 1 from auth.users where email = 'e@example.com'");
    expect(rows).toHaveLength(1);
  });

  it("are refused where too many wait to be checked", async () => {
    const pool = new PasswordPool(2);
    const hash = () => pool.run({ kind: "hash", password, rounds: 4 });
    const [first, second, third] = await Promise.allSettled([hash(), hash(), hash()]);
    expect([first?.status, second?.status]).toEqual(["fulfilled", "fulfilled"]);
    expect(third).toMatchObject({ status: "rejected", reason: expect.any(TooManySignIns) });
    expect(await hash()).toMatch(/^\$2/);
  });

  it("leave no line in the log", () => {
    expect(log).toEqual([]);
  });
});
