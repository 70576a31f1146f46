import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, type TestUser } from "../../supabase/local/testing.ts";
import { type AttachedJob, comparable, expectRefusal, startApi, type TestApi } from "./kit.ts";
import { methodOf, type RouteCase, routeCases } from "./routes-table.ts";

const ofJobs = routeCases.filter(({ names }) => names === "job");
const guarded = routeCases.filter(({ scope }) => scope !== "public");
const missing = "there-is-no-such-job";

describe.each(engines)("access control, on %s", (engine) => {
  let api: TestApi;
  let a: TestUser;
  let b: TestUser;
  let jobOfA: AttachedJob;
  let jobOfB: AttachedJob;
  let keyOfB: string;

  beforeAll(async () => {
    api = await startApi({ engine });
    [a, b] = await Promise.all([api.signUp("a"), api.signUp("b")]);
    jobOfA = await api.attach(a, "job-of-a", {
      live_params: { learning_rate: {} },
      tags: ["secret"],
    });
    jobOfB = await api.attach(b, "job-of-b");
    keyOfB = await api.makeKey(b);
    await fill(jobOfA);
  });
  afterAll(() => api.close());

  /** Creates a row of every kind, so that every list has something to hide. */
  async function fill(job: AttachedJob) {
    const as = { bearer: a.accessToken };
    const local = `/api/training/local/${job.id}`;
    await api.call("POST", "/api/training/local/metrics", {
      bearer: job.token,
      json: { job_id: job.id, metrics: [{ step: 1, "train/loss": 1.5 }] },
    });
    await api.call("POST", `${local}/logs`, { bearer: job.token, json: { logs: ["secret"] } });
    await api.call("POST", `${local}/events`, {
      bearer: job.token,
      json: { events: [{ type: "secret", level: "error" }] },
    });
    const json = { action: "checkpoint", command_id: "cmd-of-a" };
    const reply = await api.call("POST", `${local}/control`, { ...as, json });
    expect(reply.status).toBe(202);
  }

  /** All data of a user as one text. */
  async function belongings(user: TestUser): Promise<string> {
    const rows = await api.supabase.sql(
      `select (select jsonb_agg(j order by key) from jobs j where user_id = $1) as jobs,
        (select jsonb_agg(s order by s.job_key, s.seq) from job_stream s
          join jobs j on j.key = s.job_key where j.user_id = $1) as stream,
        (select jsonb_agg(c order by c.ordinal) from commands c
          join jobs j on j.key = c.job_key where j.user_id = $1) as commands,
        (select jsonb_agg(t order by t.token_hash) from attempts t
          join jobs j on j.key = t.job_key where j.user_id = $1) as attempts`,
      [user.userId],
    );
    return JSON.stringify(rows);
  }

  function ask(entry: RouteCase, id: string, credentials: Parameters<TestApi["call"]>[2]) {
    return api.call(methodOf(entry), entry.path(id), { ...credentials, json: entry.json?.(id) });
  }

  it("has a test case for every route, and no other", () => {
    const there = api.routes.flatMap(({ pattern, handlers }) =>
      [...handlers.keys()].map((method) => `${method} ${pattern}`),
    );
    expect(routeCases.map(({ route }) => route).sort()).toEqual(there.sort());
  });

  it.each(ofJobs.filter(({ creates }) => !creates).map((entry) => [entry.route, entry] as const))(
    "%s answers B about A's job exactly as about one that does not exist",
    async (_route, entry) => {
      const before = await belongings(a);
      const all = [{ key: keyOfB }, { bearer: keyOfB }, { bearer: b.accessToken }];
      if (entry.scope === "ingest") all.push({ bearer: jobOfB.token });
      for (const credentials of all) {
        const theirs = await ask(entry, jobOfA.id, credentials);
        const none = await ask(entry, missing, credentials);
        expectRefusal(theirs, 404);
        expect(comparable(theirs)).toEqual(comparable(none));
      }
      expect(await belongings(a)).toBe(before);
    },
  );

  it("lets B have a job with the same id as A's", async () => {
    const before = await belongings(a);
    const token = (await api.attach(b, jobOfA.id, { name: "mine" })).token;
    expect(
      (await api.call("GET", `/api/training/${jobOfA.id}`, { key: keyOfB })).body,
    ).toMatchObject({ name: "mine", tags: [] });
    await api.call("POST", `/api/training/local/${jobOfA.id}/logs`, {
      bearer: token,
      json: { logs: ["mine"] },
    });
    const status = { bearer: token, json: { status: "failed" } };
    await api.call("POST", `/api/training/local/${jobOfA.id}/status`, status);
    const gone = await api.call("DELETE", `/api/training/${jobOfA.id}`, { key: keyOfB });
    expect(gone.status).toBe(200);
    expect(await belongings(a)).toBe(before);
  });

  it("ignores a user_id in a trainer's body", async () => {
    const before = await belongings(a);
    await api.attach(b, "claimed", { user_id: a.userId, owner: a.userId });
    const json = { user_id: a.userId, job_id: jobOfA.id, logs: ["x"] };
    await api.call("POST", "/api/training/local/claimed/logs", { key: keyOfB, json });
    expect(await belongings(a)).toBe(before);
    const own = await api.call("GET", "/api/training/local/claimed/logs", { key: keyOfB });
    expect(own.body).toMatchObject({ total_lines: 1 });
  });

  it("never shows A's data in B's lists", async () => {
    for (const entry of guarded.filter((e) => e.names === "nothing" && methodOf(e) === "GET")) {
      if (entry.route.endsWith("/stream")) continue;
      const { text } = await ask(entry, "", { key: keyOfB });
      expect(text).not.toMatch(/job-of-a|secret/);
    }
  });

  it("answers B about A's API key as about one that does not exist", async () => {
    const [row] = await api.supabase.sql<{ id: string }>(
      `insert into api_keys (user_id, name, prefix, key_hash, scopes)
        values ($1, 'of a', 'sbx_', 'hash-of-a', array['read']) returning id`,
      [a.userId],
    );
    const remove = (id: string) =>
      api.call("DELETE", `/api/settings/api-keys/${id}`, { key: keyOfB });
    const [theirs, none, odd] = await Promise.all(
      [row?.id ?? "", crypto.randomUUID(), "no-uuid"].map(remove),
    );
    if (!theirs || !none || !odd) throw new Error("no replies");
    expectRefusal(theirs, 404);
    expect(comparable(theirs)).toEqual(comparable(none));
    expect(comparable(odd)).toEqual(comparable(none));
    const kept = await api.supabase.sql(
      "select 1 from api_keys where revoked_at is null and id = $1",
      [row?.id],
    );
    expect(kept).toHaveLength(1);
  });

  it.each(guarded.map((entry) => [entry.route, entry] as const))(
    "%s takes a job token for its own job's ingest only",
    async (_route, entry) => {
      const own = await ask(entry, jobOfB.id, { bearer: jobOfB.token });
      if (entry.scope !== "ingest" || entry.creates) {
        expectRefusal(own, 403);
      } else {
        expect(own.status, own.text).toBe(entry.route.endsWith("/ack") ? 404 : 200);
        expectRefusal(await ask(entry, jobOfA.id, { bearer: jobOfB.token }), 404);
      }
    },
  );

  it("rejects the old attempt's token after the job was started again", async () => {
    const { token: old } = await api.attach(a, "twice");
    const beat = (bearer: string) =>
      api.call("POST", "/api/training/local/twice/heartbeat", { bearer, json: {} });
    expect((await beat(old)).status).toBe(200);
    await api.attach(a, "twice", { status: "failed" });
    const { token } = await api.attach(a, "twice");
    for (const entry of ofJobs.filter((e) => e.scope === "ingest" && !e.creates)) {
      expectRefusal(await ask(entry, "twice", { bearer: old }), 401);
    }
    expect((await beat(token)).status).toBe(200);
  });
});
