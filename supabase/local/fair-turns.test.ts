import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestSupabase, type TestSupabase } from "./testing.ts";

const functions = `
  create function busy(p_ms int) returns boolean language plpgsql as $$
  declare until timestamptz := clock_timestamp() + make_interval(secs => p_ms / 1000.0);
  begin while clock_timestamp() < until loop end loop; return true; end $$`;

describe("several users on one connection", () => {
  let supabase: TestSupabase;

  beforeAll(async () => {
    supabase = await startTestSupabase();
    await supabase.sql(functions);
    await busyFor("a", 1);
  });
  afterAll(() => supabase.close());

  const busyFor = (user: string, ms: number) =>
    fetch(`${supabase.url}/rest/v1/rpc/busy`, {
      method: "POST",
      headers: {
        apikey: supabase.secretKey,
        "Content-Type": "application/json",
        "X-Signalbox-User": user,
      },
      body: JSON.stringify({ p_ms: ms }),
    });

  /** The status of a request on a connection of its own. */
  const onNewConnection = (user: string) =>
    new Promise<number>((resolve, reject) => {
      const request = httpRequest(
        `${supabase.url}/rest/v1/rpc/busy`,
        {
          agent: false,
          method: "POST",
          headers: {
            apikey: supabase.secretKey,
            "Content-Type": "application/json",
            "X-Signalbox-User": user,
          },
        },
        (response) => resolve(response.resume().statusCode ?? 0),
      );
      request.on("error", reject);
      request.end(JSON.stringify({ p_ms: 1 }));
    });

  /** How many of B's requests are answered, as they are. */
  function flood(count: number, ms: number) {
    const answered: number[] = [];
    let first = () => {};
    const begun = new Promise<void>((resolve) => {
      first = resolve;
    });
    const all = Promise.all(
      Array.from({ length: count }, async () => {
        const { status } = await busyFor("b", ms);
        answered.push(status);
        first();
      }),
    );
    return { answered, begun, all };
  }

  it("take turns, so that a small request passes another user's queue", async () => {
    const b = flood(30, 40);
    await b.begun;
    for (let post = 0; post < 3; post += 1) {
      const before = b.answered.length;
      expect((await busyFor("a", 1)).status).toBe(200);
      expect(b.answered.length - before).toBeLessThan(5);
    }
    expect(b.answered.length).toBeLessThan(20);
    await b.all;
    expect(new Set(b.answered)).toEqual(new Set([200]));
  });

  it("are accepted while statements run one after the other", async () => {
    const b = flood(30, 40);
    await b.begun;
    const before = b.answered.length;
    expect(await onNewConnection("a")).toBe(200);
    expect(b.answered.length - before).toBeLessThan(8);
    await b.all;
  });

  it("show how long they waited to the holder of the secret key alone", async () => {
    const read = (key: string) =>
      fetch(`${supabase.url}/queue/v1/stats`, { headers: { apikey: key } });
    expect((await read(supabase.publishableKey)).status).toBe(401);
    const stats = await (await read(supabase.secretKey)).json();
    expect(stats).toMatchObject({ waiting: 0, refused: 0 });
    expect(stats.wait_ms.small.count).toBeGreaterThan(60);
    expect(stats.wait_ms.small.sum).toBeGreaterThan(1000);
  });
});
