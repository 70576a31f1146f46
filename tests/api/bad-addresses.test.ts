import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { comparable, expectRefusal, startApi, type TestApi } from "./kit.ts";
import { methodOf, routeCases } from "./routes-table.ts";

const dynamic = routeCases.filter(
  ({ path, names }) => names !== "nothing" && path("x") !== path("y"),
);
const reading = routeCases.filter(
  (entry) =>
    methodOf(entry) === "GET" &&
    entry.scope !== "public" &&
    !/(stream|\[sample\])$/.test(entry.route),
);

const oddIds = [
  "a b",
  "a/b",
  "a\0b",
  "💥",
  "a%20b",
  "'; drop table jobs; --",
  "x".repeat(129),
  "__proto__",
  "constructor",
  "\u202ereversed",
];

const oddTexts = ["%00", "%FF", "%ED%A0%80", "%", "%25_%5C", "'", "%F0%9F%92%A5", "x".repeat(200)];

describe("invalid URLs", () => {
  let api: TestApi;
  let key: string;

  beforeAll(async () => {
    api = await startApi();
    const a = await api.signUp("a");
    key = await api.makeKey(a);
    await api.attach(a, "job");
    await api.attach(a, "a:b.c-d_E");
  });
  afterAll(() => api.close());

  it.each(dynamic.map((entry) => [entry.route, entry] as const))(
    "%s answers an id that cannot be like one that is not there",
    async (_route, entry) => {
      const ask = (path: string) =>
        api.call(methodOf(entry), path, { key, json: entry.json?.("job") });
      const none = await ask(entry.path("nothing-here"));
      expectRefusal(none, 404);
      for (const id of oddIds) {
        expect([id, comparable(await ask(entry.path(id)))]).toEqual([id, comparable(none)]);
      }
    },
  );

  it("accepts every valid character in a job id", async () => {
    for (const path of ["/api/training/a:b.c-d_E", "/api/training/a%3Ab%2Ec%2Dd%5FE"]) {
      expect(await api.call("GET", path, { key })).toMatchObject({
        status: 200,
        body: { id: "a:b.c-d_E" },
      });
    }
  });

  it("answers malformed command ids like unknown ones", async () => {
    const ack = (id: string) =>
      api.call("POST", `/api/training/local/job/commands/${encodeURIComponent(id)}/ack`, {
        key,
        json: { status: "applied" },
      });
    for (const id of oddIds) {
      expectRefusal(await ack(id), 404);
    }
  });

  const oddNumbers = ["-1", "x", "NaN", "1e999", "9".repeat(30), "1.5", "%00"];

  it.each(
    reading.flatMap((entry) =>
      (entry.numbers ?? []).map((name) => [entry.route, name, entry] as const),
    ),
  )("%s refuses a %s that is no sensible number", async (_route, name, entry) => {
    for (const value of oddNumbers) {
      const allowed =
        (name === "wait" && value === "1.5") || (name === "after_step" && value === "-1");
      if (allowed) continue;
      const reply = await api.call("GET", `${entry.path("job")}?${name}=${value}`, { key });
      expectRefusal(reply, 400);
      expect(reply.text).toContain(name);
    }
    for (const value of ["", "0", " 1", `1&${name}=2`, "9007199254740991"]) {
      if (name === "wait" && value !== "0") continue;
      const reply = await api.call("GET", `${entry.path("job")}?${name}=${value}`, { key });
      expect(reply.status, `${value}: ${reply.text}`).toBeLessThan(500);
      if (reply.status >= 400) expectRefusal(reply, 400);
    }
  });

  it.each(reading.map((entry) => [entry.route, entry] as const))(
    "%s takes any text in a query without failing",
    async (_route, entry) => {
      const sets = [["q", "names", "tag", "__proto__", "a[b]"], ["status"], ["sort"], ["archived"]];
      for (const names of entry.route === "GET /api/training/jobs" ? sets : sets.slice(0, 1)) {
        for (const value of oddTexts) {
          const query = names.map((name) => `${name}=${value}`).join("&");
          const reply = await api.call("GET", `${entry.path("job")}?${query}&buckets=9`, { key });
          // The page of administrators does not exist for others, whatever they ask.
          const right = entry.route === "GET /api/service" ? [404] : [200, 400];
          expect(right, `${query}: ${reply.text}`).toContain(reply.status);
          if (reply.status === 400) expectRefusal(reply);
        }
      }
    },
  );

  it.each(routeCases.filter((r) => r.route.endsWith("/stream")).map((r) => [r.route, r] as const))(
    "%s refuses odd filters and takes odd cursors",
    async (_route, entry) => {
      const path = entry.path("job");
      const withQuery = (query: string) => `${path}${path.includes("?") ? "&" : "?"}${query}`;
      for (const cursor of [
        "",
        "x",
        "%00",
        "-1",
        `${"9".repeat(40)}-1`,
        "aaaa-99999999999999999",
      ]) {
        const controller = new AbortController();
        const response = await api.send("GET", withQuery(`after=${cursor}`), {
          key,
          signal: controller.signal,
        });
        expect([cursor, response.status]).toEqual([cursor, 200]);
        expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
        await response.body?.cancel();
        controller.abort();
      }
      if (!/training\/(jobs\/\[id\]|stream)/.test(entry.route)) return;
      expectRefusal(await api.call("GET", withQuery("streams=nonsense"), { key }), 400);
    },
  );

  it("rejects an Idempotency-Key that is empty or too long", async () => {
    for (const id of ["", "x".repeat(129), "x".repeat(5000)]) {
      const headers = { "idempotency-key": id };
      for (const entry of routeCases.filter(({ route }) =>
        /POST .*(\/metrics|\/logs|\/events|\/status|training\/jobs)$/.test(route),
      )) {
        const json = entry.json?.("job");
        expectRefusal(await api.call("POST", entry.path("job"), { key, headers, json }), 400);
      }
    }
  });
});
