import { type CommandStatus, commandTypes } from "@signalbox/protocol/job/command";
import {
  type Job,
  type JobStatus,
  jobKinds,
  jobSchema,
  jobStatuses,
} from "@signalbox/protocol/job/job";
import { isTerminal, terminalStatuses } from "@signalbox/protocol/job/job-status";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandEffects, commandPermission } from "../../lib/jobs/allowed-commands.ts";
import { type TransitionActor, transitions } from "../../lib/jobs/job-status.ts";
import { startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

type Step =
  | { do: "command"; action: "pause" | "resume" | "stop" | "checkpoint"; release: boolean }
  | { do: "params" | "beat" | "data" | "fetch" | "reap" | "reapLong" | "attach" }
  | { do: "ack"; applied: boolean; nth: number }
  | { do: "report"; status: JobStatus; exited: boolean; error: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("command" as const),
      action: fc.constantFrom("pause", "pause", "resume", "resume", "stop", "checkpoint"),
      release: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("params", "beat", "beat", "data", "fetch", "reap", "reapLong", "attach"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("ack" as const),
      applied: fc.integer({ min: 0, max: 3 }).map((i) => i > 0),
      nth: fc.nat(3),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("report" as const),
      status: fc.constantFrom(...jobStatuses, "starting", "running", "paused"),
      exited: fc.boolean(),
      error: fc.boolean(),
    }),
  },
);

const final = new Set<CommandStatus>(["applied", "rejected", "expired"]);

describe("the state table", () => {
  let api: TestApi;
  let key: string;
  let n = 0;

  beforeAll(async () => {
    ({ api, key } = await startWithOwner());
  });
  afterAll(() => api.close());

  it("is the same in the database and in code", async () => {
    const rows = await api.supabase.sql<{ line: string }>(
      "select from_status || ' → ' || to_status || ' by ' || actor as line from job_transitions()",
    );
    const inCode = Object.entries(transitions).flatMap(([from, targets]) =>
      Object.entries(targets).flatMap(([to, actors]) =>
        actors.map((actor) => `${from} → ${to} by ${actor}`),
      ),
    );
    expect(rows.map(({ line }) => line).sort()).toEqual(inCode.sort());
  });

  it("holds for the contract's kinds of jobs and no others", async () => {
    const [check] = await api.supabase.sql<{ definition: string }>(
      "select pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = 'public.jobs'::regclass and contype = 'c' and conkey @> (select array_agg(attnum) from pg_attribute where attrelid = 'public.jobs'::regclass and attname = 'kind')",
    );
    const kinds = [...(check?.definition ?? "").matchAll(/'(\w+)'/g)].map(([, kind]) => kind);
    expect(kinds.sort()).toEqual([...jobKinds].sort());
  });

  it("lets no state follow a terminal one, but for the retry of a failed run", () => {
    const after = terminalStatuses.map((status) => [status, Object.keys(transitions[status])]);
    expect(Object.fromEntries(after)).toEqual({ succeeded: [], cancelled: [], failed: ["queued"] });
  });

  it("allows the transitions that commands make, as user transitions", () => {
    for (const effects of Object.values(commandEffects)) {
      for (const [state, effect] of Object.entries(effects)) {
        if (effect === null) continue;
        const from = state.replace("/released", "") as JobStatus;
        expect([state, effect, transitions[from][effect]]).toEqual([
          state,
          effect,
          expect.arrayContaining(["user" satisfies TransitionActor]),
        ]);
      }
    }
    expect(Object.keys(commandEffects).sort()).toEqual([...commandTypes].sort());
  });

  it("holds on every path that users, trainers and the monitor can take", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(step, { minLength: 3, maxLength: 14 }),
        async (managed, steps) => {
          const run = await begin(managed);
          for (const one of steps) {
            await take(run, one);
            run.before = await holds(run);
          }
          await end(run);
        },
      ),
      { numRuns: 30, seed: 20261120 },
    );
  });

  interface Run {
    id: string;
    managed: boolean;
    token: string;
    oldTokens: string[];
    before: Job;
    attempts: number;
  }

  const local = (id: string, part: string) => `/api/training/local/${id}/${part}`;
  const jobOf = async (id: string) =>
    (await api.call("GET", `/api/training/${id}`, { key })).as(jobSchema);
  const tokenOf = (body: unknown) => (body as { job_token: string }).job_token;

  async function begin(managed: boolean): Promise<Run> {
    n += 1;
    let id = `walk-${n}`;
    let token: string;
    if (managed) {
      const started = await api.call("POST", "/api/training/jobs", { key, json: { kind: "sft" } });
      id = (started.body as { id: string }).id;
      token = tokenOf(api.backend.to("POST", "/v1/jobs").at(-1)?.body);
    } else {
      const json = { job_id: id, live_params: { learning_rate: {} } };
      token = tokenOf((await api.call("POST", "/api/training/local/jobs", { key, json })).body);
    }
    return { id, managed, token, oldTokens: [], before: await jobOf(id), attempts: 1 };
  }

  async function take(run: Run, one: Step): Promise<void> {
    const { id, token } = run;
    const post = (path: string, json: unknown, bearer = token) =>
      api.call("POST", path, { bearer, json });
    switch (one.do) {
      case "command":
        return command(run, one);
      case "params": {
        const json = { learning_rate: 0.5 };
        const options = { key, json };
        const reply = await api.call("PATCH", local(id, "update-params"), options);
        const allowed = commandPermission(run.before, "update_params").allowed;
        expect([reply.status, reply.text]).toEqual([allowed ? 202 : 409, reply.text]);
        return;
      }
      case "beat":
        expect((await post(local(id, "heartbeat"), { step: 1 })).status).toBe(200);
        return;
      case "data": {
        const json = { job_id: id, metrics: [{ step: 1, loss: 1 }] };
        expect((await post("/api/training/local/metrics", json)).status).toBe(200);
        return;
      }
      case "fetch":
        await api.call("GET", local(id, "commands/next"), { bearer: token });
        return;
      case "ack": {
        const open = (await commandsOf(id)).filter(({ status }) => !final.has(status));
        const chosen = open[one.nth % Math.max(1, open.length)];
        if (!chosen) return;
        const json = { status: one.applied ? "applied" : "rejected", reason: "because" };
        const reply = await post(local(id, `commands/${chosen.id}/ack`), json);
        expect(reply.status, reply.text).toBe(200);
        return;
      }
      case "report": {
        const { status, exited } = one;
        const json = { status, exited, error: one.error ? "a reason" : null };
        const reply = await post(local(id, "status"), json);
        if (reply.status !== 200) expectRefusal(reply, 409);
        return;
      }
      case "reap":
      case "reapLong": {
        const ago = one.do === "reap" ? "61 seconds" : "25 hours";
        await api.supabase.sql(
          "update jobs set heartbeat_at = clock_timestamp() - $2::interval where id = $1",
          [id, ago],
        );
        await api.supabase.sql("select reap_jobs('60 seconds', '24 hours')");
        return;
      }
      case "attach": {
        const json = { job_id: id };
        const reply = await api.call("POST", "/api/training/local/jobs", { key, json });
        if (run.managed) return expectRefusal(reply, 409);
        expect(reply.status).toBe(200);
        const { token } = run;
        renew(run, tokenOf(reply.body));
        const { attempt } = await jobOf(id);
        return expect(run.token === token).toBe(attempt === run.before.attempt);
      }
    }
  }

  async function command(run: Run, one: Extract<Step, { do: "command" }>): Promise<void> {
    const mode = one.action === "pause" ? { mode: one.release ? "release" : "hold" } : {};
    api.backend.requests.length = 0;
    const json = { action: one.action, ...mode };
    const reply = await api.call("POST", local(run.id, "control"), { key, json });
    const { allowed } = commandPermission(run.before, one.action);
    expect([reply.status, reply.text]).toEqual([allowed ? 202 : 409, reply.text]);
    if (one.action !== "resume") return;
    const handed = api.backend.to("POST", `/v1/jobs/${run.id}/commands`).at(-1);
    if (handed) renew(run, tokenOf(handed.body));
  }

  function renew(run: Run, token: string): void {
    if (token === run.token) return;
    run.oldTokens.push(run.token);
    run.token = token;
  }

  async function commandsOf(id: string) {
    return api.supabase.sql<{ id: string; type: string; status: CommandStatus }>(
      `select c.id, c.type, c.status from commands c join jobs j on j.key = c.job_key
        where j.id = $1 order by ordinal`,
      [id],
    );
  }

  /** The invariants after every step. */
  async function holds(run: Run): Promise<Job> {
    const job = await jobOf(run.id);
    const rows = await api.supabase.sql<{
      seq: number;
      stream: string;
      payload: Record<string, unknown>;
    }>(
      `select s.seq::int as seq, s.stream, s.payload from job_stream s
        join jobs j on j.key = s.job_key where j.id = $1 order by s.seq`,
      [run.id],
    );
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i + 1));
    expect(rows).toHaveLength(job.last_seq);

    const changes = rows.filter(({ stream }) => stream === "status").map(({ payload }) => payload);
    expect(changes.at(-1)?.to).toBe(job.status);
    for (const [i, change] of changes.entries()) {
      expect(change.from ?? undefined).toBe(changes[i - 1]?.to);
      if (i === 0) continue;
      expect(Object.keys(transitions[change.from as JobStatus])).toContain(change.to);
    }
    if (isTerminal(run.before.status) && job.status !== run.before.status) {
      expect(run.before.status).toBe("failed");
      expect(changes.slice(-3).map(({ from, to }) => `${from} ${to}`)).toContain("failed queued");
    }
    expect(isTerminal(job.status)).toBe(job.finished_at !== null);
    if (isTerminal(job.status)) expect(job.attempt_active).toBe(false);
    expect(job.error === null || job.status === "failed").toBe(true);
    expect(job.attempt).toBeGreaterThanOrEqual(run.before.attempt);

    const valid = await api.supabase.sql<{ number: number }>(
      `select a.number from attempts a join jobs j on j.key = a.job_key
        where j.id = $1 and a.revoked_at is null`,
      [run.id],
    );
    expect(valid).toEqual([{ number: job.attempt }]);

    const states = new Map<unknown, CommandStatus[]>();
    for (const { payload } of rows.filter(({ stream }) => stream === "command")) {
      states.set(payload.id, [...(states.get(payload.id) ?? []), payload.status as CommandStatus]);
    }
    const now = await commandsOf(run.id);
    for (const { id, status } of now) expect(states.get(id)?.at(-1)).toBe(status);
    for (const story of states.values()) {
      expect(story.filter((status) => final.has(status)).length).toBeLessThanOrEqual(1);
      expect(story.slice(0, -1).some((status) => final.has(status))).toBe(false);
      expect(story[0]).toBe("pending");
    }
    const open = now.filter(({ status, type }) => !final.has(status) && type !== "stop");
    if (isTerminal(job.status)) expect(open).toEqual([]);
    return job;
  }

  /** Ends a run, after which every command has a final status and no old token is valid. */
  async function end(run: Run): Promise<void> {
    const post = (bearer: string, json: unknown) =>
      api.call("POST", local(run.id, "status"), { bearer, json });
    for (const old of run.oldTokens) expectRefusal(await post(old, {}), 401);
    await api.call("POST", local(run.id, "control"), { key, json: { action: "stop" } });
    const reply = await post(run.token, { status: "cancelled", exited: true });
    if (reply.status === 409) await post(run.token, { exited: true });
    expect(isTerminal((await holds(run)).status)).toBe(true);
    for (const { status } of await commandsOf(run.id)) expect(final).toContain(status);
  }
});
