import { parseRunsFrame, runsFrameSchema } from "@signalbox/protocol/stream/runs-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestUser } from "../../supabase/local/testing.ts";
import { comparable, expectRefusal, startApi, type TestApi } from "./kit.ts";

interface Frame {
  event: string;
  id: string | null;
  data: Record<string, unknown>;
}

const framesIn = (text: string): Frame[] =>
  text
    .split("\n\n")
    .filter(Boolean)
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? null;
      return {
        event: field("event") ?? "",
        id: field("id"),
        data: JSON.parse(field("data") ?? "{}"),
      };
    });

describe("the stream of several runs", () => {
  let api: TestApi;
  let a: TestUser;
  let key: string;
  let keyOfB: string;

  beforeAll(async () => {
    api = await startApi();
    const [first, b] = await Promise.all([api.signUp("a"), api.signUp("b")]);
    a = first;
    key = await api.makeKey(a, ["read"]);
    keyOfB = await api.makeKey(b, ["read"]);
    await api.attach(b, "theirs");
  });
  afterAll(() => api.close());

  const path = (runs: string[], query = "") =>
    `/api/training/stream?runs=${runs.map(encodeURIComponent).join(",")}${query}`;

  /** A run with a point and a note; its other rows are those of its states. */
  async function run(id: string, { ended = false } = {}): Promise<string> {
    const { token } = await api.attach(a, id);
    const post = (to: string, json: unknown) => api.call("POST", to, { bearer: token, json });
    const points = [{ name: "train/loss", step: 1, value: 0.5 }];
    await post("/api/training/local/metrics", { job_id: id, points });
    await post(`/api/training/local/${id}/events`, { events: [{ type: "note" }] });
    if (ended) await post(`/api/training/local/${id}/status`, { status: "succeeded" });
    return id;
  }

  /** Reads a stream until `enough` says so, or to its end. */
  async function read(address: string, headers: Record<string, string>, enough: RegExp | null) {
    const response = await api.send("GET", address, { key, headers });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      text += decoder.decode(value, { stream: true });
      if (done || enough?.test(text)) break;
    }
    await reader?.cancel();
    return framesIn(text);
  }

  it("carries every row of each run, as documented, and resumes after a cursor of all", async () => {
    const [one, two] = [await run("one", { ended: true }), await run("two:2", { ended: true })];
    const opening = await read(path([one, two]), {}, /"run":"two:2"[^\n]*snapshot|two:2:\w+-\d/);
    const generations = opening
      .filter(({ event }) => event === "connected")
      .map(({ data }) => [data.run, (data.data as { generation: string }).generation]);
    expect(generations.map(([id]) => id)).toEqual([one, two]);
    const start = generations.map(([id, generation]) => `${id}:${generation}-0`).join(",");
    const all = await read(path([one, two], `&full=1&after=${start}`), {}, null);
    for (const { event, id, data } of all) {
      expect(runsFrameSchema.safeParse({ event, id: id ?? undefined, data }).error).toBeUndefined();
      expect(parseRunsFrame(event, id, data)).not.toBeNull();
    }
    const rows = (frames: Frame[], id: string) =>
      frames.filter(({ data }) => data.run === id && data.cursor !== undefined);
    for (const [id, generation] of generations) {
      const own = rows(all, String(id));
      expect(own.map(({ data }) => data.cursor)).toEqual(
        own.map((_, index) => `${generation}-${index + 1}`),
      );
      const events = new Set(own.map(({ event }) => event));
      expect([...events]).toEqual(expect.arrayContaining(["status", "event", "metrics"]));
    }
    expect(all.filter(({ event }) => event === "end")).toHaveLength(2);

    const middle = generations.map(([id, generation]) => `${id}:${generation}-2`).join(",");
    const headers = { "last-event-id": middle };
    const rest = await read(path([one, two], `&full=1&after=${start}`), headers, null);
    const dataOf = (frames: Frame[], id: string) => rows(frames, id).map(({ data }) => data);
    for (const id of [one, two]) expect(dataOf(rest, id)).toEqual(dataOf(all, id).slice(2));
  });

  it("says which epochs have new predictions, with predictions=summary", async () => {
    const { id, token } = await api.attach(a, "predicting");
    const predictions = [1, 1, 2].map((epoch, sample_index) => {
      return { epoch, step: 1, sample_index, prompt: "p", prediction: "q" };
    });
    const json = { job_id: id, predictions };
    await api.call("POST", "/api/training/local/predictions", { bearer: token, json });
    const [job] = await api.supabase.sql<{ generation: string }>(
      "select generation from jobs where id = $1",
      [id],
    );
    const query = `&streams=prediction&predictions=summary&after=${id}:${job?.generation}-0`;
    const frames = await read(path([id], query), {}, /"epoch":2/);
    const seq = expect.any(Number);
    expect(
      frames.filter(({ event }) => event === "prediction_summary").map(({ data }) => data.data),
    ).toEqual([
      { epoch: 1, count: 2, seq },
      { epoch: 2, count: 1, seq },
    ]);
  });

  it("answers 204 where every run ended long ago and the cursor has every row", async () => {
    const id = await run("old", { ended: true });
    await api.supabase.sql("update jobs set updated_at = now() - interval '1 hour' where id = $1", [
      id,
    ]);
    const [job] = await api.supabase.sql<{ cursor: string }>(
      "select generation || '-' || last_seq as cursor from jobs where id = $1",
      [id],
    );
    const reply = await api.call("GET", path([id], `&after=${id}:${job?.cursor}`), { key });
    expect(reply).toMatchObject({ status: 204, text: "" });
  });

  it("tells of another user's run exactly what it tells of none, beside one's own too", async () => {
    const own = await run("own");
    for (const others of [[], [own]]) {
      const replies = await Promise.all(
        ["theirs", "nothing-here"].map((id) => api.call("GET", path([...others, id]), { key })),
      );
      const [theirs, none] = replies;
      if (!theirs || !none) throw new Error("no replies");
      expectRefusal(theirs, 404);
      expect(comparable(theirs)).toEqual(comparable(none));
    }
    // A cursor that claims to have read them shows no more: both are as if deleted.
    const ids = ["theirs", "nothing-here"];
    const claimed = ids.map((id) => `${id}:abcd-1`).join(",");
    const frames = await read(path([own, ...ids], `&after=${claimed}`), {}, /snapshot/);
    expect(frames.filter(({ event }) => event === "removed").map(({ data }) => data.run)).toEqual(
      ids,
    );
    expectRefusal(await api.call("GET", path([own]), { key: keyOfB }), 404);
  });

  it("goes on with the others when a run is deleted", async () => {
    const [kept, deleted] = [await run("kept"), await run("deleted", { ended: true })];
    const all = await api.makeKey(a);
    const frames = read(path([kept, deleted], "&streams=status"), {}, /event: removed/);
    await api.call("DELETE", `/api/training/${deleted}`, { key: all });
    const seen = await frames;
    expect(seen.some(({ data }) => data.run === kept)).toBe(true);
  });

  it("refuses no runs, too many, and odd filters, saying why", async () => {
    const own = await run("plain");
    const many = Array.from({ length: 51 }, (_, n) => `run-${n}`);
    for (const [address, words] of [
      ["/api/training/stream", "at least one run"],
      ["/api/training/stream?runs=", "at least one run"],
      ["/api/training/stream?runs=,,", "at least one run"],
      [path(many), "at most 50 runs"],
      [path([own], "&streams=nonsense"), "streams"],
      [path([own], "&full=perhaps"), "full"],
    ] as const) {
      const reply = await api.call("GET", address, { key });
      expectRefusal(reply, 400);
      expect(reply.text).toContain(words);
    }
    expectRefusal(await api.call("GET", path([own])), 401);
  });

  it("counts a run named twice once, as a list or as repeated parameters", async () => {
    const own = await run("twice-named");
    for (const address of [path([own, own]), `/api/training/stream?runs=${own}&runs=${own}`]) {
      const frames = await read(address, {}, /snapshot/);
      expect(frames.map(({ event }) => event)).toEqual(["connected", "snapshot"]);
    }
  });
});
