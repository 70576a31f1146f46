import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { call, Viewer } from "./client.ts";
import { type Installation, startInstallation } from "./installation.ts";

describe("two web servers and two training backends on one database", () => {
  let all: Installation;
  let key: string;
  let one: string;
  let two: string;
  let runs = 0;

  beforeAll(async () => {
    all = await startInstallation();
    [one, two] = [all.servers[0].url, all.servers[1].url];
    key = await all.signUp("owner");
  }, 300_000);
  afterAll(() => all.close(), 60_000);

  /** Attaches a run at the first server; returns its trainer's token, too. */
  async function attach(): Promise<{ id: string; token: string }> {
    runs += 1;
    const id = `run-${runs}`;
    const { status, body } = await call(one, "POST", "/api/training/local/jobs", key, {
      job_id: id,
    });
    expect(status).toBe(200);
    return { id, token: String(body.job_token) };
  }

  async function post(url: string, id: string, token: string, step: number): Promise<number> {
    const { status, body } = await call(url, "POST", "/api/training/local/metrics", token, {
      job_id: id,
      points: [{ name: "loss", step, value: 1 }],
    });
    expect(status).toBe(200);
    return Number(body.last_seq);
  }

  const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => from + i);
  const rowsOf = (id: string, stream: string) =>
    all.supabase.sql<{ payload: Record<string, unknown> }>(
      `select s.payload from job_stream s join jobs j on j.key = s.job_key
        where j.id = $1 and s.stream = $2 order by s.seq`,
      [id, stream],
    );
  /** The runs that a backend was asked to start, each as often as it was. */
  const startsAt = (backend: Installation["backends"][number]) =>
    backend.to("POST", "/v1/jobs").map(({ body }) => (body as { job_id: string }).job_id);

  it("show on each what was stored on the other, every row once, within 2 s", async () => {
    const { id, token } = await attach();
    const viewers = [
      await new Viewer().open(one, id, key),
      await new Viewer().open(two, id, key),
    ] as const;
    for (const viewer of viewers) await viewer.reached(1);
    const storedAt = new Map<number, number>();
    let last = 0;
    for (let step = 1; step <= 100; step += 1) {
      last = await post(step % 2 ? one : two, id, token, step);
      storedAt.set(last, performance.now());
    }
    for (const viewer of viewers) {
      await viewer.reached(last);
      expect(viewer.seqs).toEqual(upTo(last, 2));
      const waits = viewer.frames.map(({ seq, at }) => at - (storedAt.get(seq) ?? at));
      // A machine that is busy with other tests may hold up a few.
      expect(waits.sort((a, b) => a - b)[90]).toBeLessThan(2_000);
      await viewer.stop();
    }
  });

  it("push the first row after a pause to the other server without waiting for a poll", async () => {
    const { id, token } = await attach();
    const viewer = await new Viewer().open(two, id, key);
    await viewer.reached(1);
    await post(one, id, token, 1);
    await viewer.reached(2);
    const waits: number[] = [];
    for (let step = 2; step <= 6; step += 1) {
      await all.supabase.sql("update jobs set notified_at = null where id = $1", [id]);
      const at = performance.now();
      await viewer.reached(await post(one, id, token, step));
      waits.push(performance.now() - at);
    }
    // A poll every 1.8 s would take 0.9 s in the middle.
    expect(waits.sort((a, b) => a - b)[2]).toBeLessThan(500);
    await viewer.stop();
  });

  it("resume a viewer that changes servers by its cursor, with nothing lost or doubled", async () => {
    const { id, token } = await attach();
    let posting = true;
    let last = 0;
    const writer = (async () => {
      for (let step = 1; posting; step += 1) last = await post(one, id, token, step);
    })();
    const seqs: number[] = [];
    let cursor: string | null = null;
    for (let hop = 0; hop < 6; hop += 1) {
      const viewer: Viewer = await new Viewer(cursor).open(hop % 2 ? one : two, id, key);
      await viewer.reached(last + 3);
      await viewer.stop();
      seqs.push(...viewer.seqs);
      cursor = viewer.cursor;
    }
    posting = false;
    await writer;
    const final = await new Viewer(cursor).open(two, id, key);
    await final.reached(last);
    await final.stop();
    seqs.push(...final.seqs);
    expect(seqs).toEqual(upTo(last, seqs[0]));
  });

  it("carry a run on when the server of its viewer and its trainer is killed", async () => {
    const third = await all.startServer();
    const { id, token } = await attach();
    const before = await new Viewer().open(third.url, id, key);
    await before.reached(1);
    for (let step = 1; step <= 5; step += 1) await post(third.url, id, token, step);
    await before.reached(6);
    await third.kill();
    await vi.waitFor(() => expect(before.closed).toBe(true));
    const last = await post(two, id, token, 6);
    const after = await new Viewer(before.cursor).open(one, id, key);
    await after.reached(last);
    expect([...before.seqs, ...after.seqs]).toEqual(upTo(last, 2));
    await after.stop();
  }, 60_000);

  it("wake a trainer's long poll for a command that the other took, and show its answer", async () => {
    const { id, token } = await attach();
    const viewer = await new Viewer().open(one, id, key);
    const path = `/api/training/local/${id}`;
    const polled = call(two, "GET", `${path}/commands/next?wait=20`, token);
    // The long poll has subscribed once its first read is done; pushes come from then on.
    await post(two, id, token, 1);
    const asked = { action: "checkpoint", command_id: "c1" };
    const [a, b] = await Promise.all([
      call(one, "POST", `${path}/control`, key, asked),
      call(two, "POST", `${path}/control`, key, asked),
    ]);
    expect([a.status, b.status]).toEqual([202, 202]);
    const at = performance.now();
    expect((await polled).body).toMatchObject({ command: { id: "c1", type: "checkpoint" } });
    expect(performance.now() - at).toBeLessThan(2_500);
    const history = await call(two, "GET", `${path}/commands`, key);
    expect(history.body.commands).toHaveLength(1);
    const answer = { status: "applied", applied_step: 1 };
    expect((await call(one, "POST", `${path}/commands/c1/ack`, token, answer)).status).toBe(200);
    await vi.waitFor(() => {
      const states = viewer.frames.flatMap(({ event, data }) =>
        event === "command" ? [(data as { status?: string }).status] : [],
      );
      expect(states.at(-1)).toBe("applied");
    }, 5_000);
    await viewer.stop();
  });

  it("store a batch once that is sent to both", async () => {
    const { id, token } = await attach();
    const batch = {
      job_id: id,
      batch_id: "b1",
      points: [{ name: "loss", step: 1, value: 1 }],
    };
    const send = (url: string) => call(url, "POST", "/api/training/local/metrics", token, batch);
    const replies = await Promise.all([send(one), send(two), send(one), send(two)]);
    for (const reply of replies) expect(reply).toEqual(replies[0]);
    expect(await rowsOf(id, "metrics")).toHaveLength(1);
  });

  it("start a run once, on one backend, whichever server is asked and however often", async () => {
    const start = (url: string, name: string) =>
      call(
        url,
        "POST",
        "/api/training/jobs",
        key,
        { kind: "sft", name },
        { "Idempotency-Key": name },
      );
    const names = ["first", "second", "third", "fourth"];
    const started = await Promise.all(
      names.flatMap((name) => [start(one, name), start(two, name), start(one, name)]),
    );
    const ids = new Set(started.map(({ body }) => String(body.id)));
    expect(ids.size).toBe(names.length);

    // Both servers look for runs that no backend has claimed, and send them again.
    await all.supabase.sql(
      "update jobs set updated_at = updated_at - interval '1 minute' where status = 'queued'",
    );
    const [a, b] = all.backends;
    const before = startsAt(a).length + startsAt(b).length;
    await vi.waitFor(
      () => expect(startsAt(a).length + startsAt(b).length).toBeGreaterThanOrEqual(before + 4),
      20_000,
    );
    const [atA, atB] = [new Set(startsAt(a)), new Set(startsAt(b))];
    for (const id of ids) expect([atA.has(id), atB.has(id)].filter(Boolean)).toHaveLength(1);
    // To the backend they are one start: the idempotency key is the run's id.
    for (const { headers, body } of [...a.to("POST", "/v1/jobs"), ...b.to("POST", "/v1/jobs")]) {
      expect(headers["idempotency-key"]).toBe((body as { job_id: string }).job_id);
    }
  }, 60_000);

  it("notice a lost run once", async () => {
    const { id } = await attach();
    await all.supabase.sql(
      "update jobs set heartbeat_at = clock_timestamp() - interval '1 minute' where id = $1",
      [id],
    );
    const states = async () => (await rowsOf(id, "status")).map(({ payload }) => payload.to);
    await vi.waitFor(async () => expect(await states()).toContain("lost"), 30_000);
    // Each server has looked again: this takes a further run that was lost later.
    const later = (await attach()).id;
    await all.supabase.sql(
      "update jobs set heartbeat_at = clock_timestamp() - interval '1 minute' where id = $1",
      [later],
    );
    await vi.waitFor(
      async () =>
        expect((await rowsOf(later, "status")).map(({ payload }) => payload.to)).toContain("lost"),
      30_000,
    );
    expect(await states()).toEqual(["running", "lost"]);
  }, 90_000);

  it("end the streams of a revoked key on every server at once", async () => {
    const { id } = await attach();
    const made = await call(one, "POST", "/api/settings/api-keys", key, {
      name: "to be revoked",
      scopes: ["read"],
    });
    const { key: stored, secret } = made.body as { key: { id: string }; secret: string };
    const viewers = [
      await new Viewer().open(one, id, secret),
      await new Viewer().open(two, id, secret),
    ] as const;
    for (const viewer of viewers) await viewer.reached(1);
    expect((await call(one, "DELETE", `/api/settings/api-keys/${stored.id}`, key)).status).toBe(
      200,
    );
    for (const viewer of viewers) {
      await vi.waitFor(() => expect(viewer.closed).toBe(true), 5_000);
    }
    const refused = await call(two, "GET", `/api/training/${id}`, secret);
    expect(refused.status).toBe(401);
  });
});
