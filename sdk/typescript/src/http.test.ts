import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { describe, expect, it } from "vitest";
import { SignalboxClient } from "./client.ts";
import {
  ConflictError,
  ConnectionError,
  ForbiddenError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  SignalboxError,
  TimeoutError,
  UnauthorizedError,
  UnexpectedReplyError,
  UnsupportedError,
} from "./errors.ts";
import { never, refusal, scriptFetch } from "./testing/script-fetch.ts";

type Answers = Parameters<typeof scriptFetch>;

function clientWith(...answers: Answers) {
  const script = scriptFetch(...answers);
  const clock = new ManualClock();
  const client = new SignalboxClient({
    baseUrl: "http://signalbox.test/box",
    apiKey: "sbx_key",
    fetch: script.fetch,
    clock,
    random: () => 1,
  });
  return { ...script, clock, client };
}

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe("requests", () => {
  it("carry the key, below the address's own path, with the id kept in one piece", async () => {
    const { client, sent } = clientWith(Response.json({ id: "a" }));
    await client.jobs.get("a:b/../c");
    expect(sent[0]?.path).toBe("/box/api/training/a%3Ab%2F..%2Fc");
    expect(sent[0]?.headers.get("x-api-key")).toBe("sbx_key");
    expect(() => client.jobs.get("..")).toThrow(/not a run/);
  });

  it("send an access token as a bearer, and a job's token instead of the key", async () => {
    const script = scriptFetch(Response.json({}));
    const options = { baseUrl: "http://signalbox.test", fetch: script.fetch };
    const client = new SignalboxClient({ ...options, apiKey: "eyJ.token" });
    await client.capabilities();
    await client.predictions.create("a", [], { jobToken: "sbj_1" });
    expect(script.sent.map(({ headers }) => headers.get("authorization"))).toEqual([
      "Bearer eyJ.token",
      "Bearer sbj_1",
    ]);
    expect(script.sent[1]?.headers.has("x-api-key")).toBe(false);
  });

  it.each([
    [401, UnauthorizedError],
    [403, ForbiddenError],
    [404, NotFoundError],
    [409, ConflictError],
    [422, UnsupportedError],
    [418, SignalboxError],
  ])("become a typed error with the request id on %d, at once", async (status, kind) => {
    const { client, sent } = clientWith(refusal(status, "some_code", "In words."));
    const error = await caught(client.jobs.get("a"));
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({
      code: "some_code",
      status,
      requestId: "req_1",
      details: { why: "some_code" },
      message: "In words.",
    });
    expect(sent).toHaveLength(1);
  });

  it("report a response of another program", async () => {
    const page = new Response("<html>", { status: 200 });
    expect(await caught(clientWith(page).client.jobs.list())).toBeInstanceOf(UnexpectedReplyError);
    const wrong = await caught(clientWith(new Response("no", { status: 401 })).client.jobs.list());
    expect(wrong).toMatchObject({
      code: "http_401",
      message: "The server responded with status 401.",
    });
  });

  it("follow no redirect, which would carry the key to wherever it leads", async () => {
    const away = () => new Response(null, { status: 307, headers: { location: "http://evil" } });
    const { client, sent } = clientWith(away);
    const error = await caught(client.jobs.list());
    expect(error).toMatchObject({ code: "redirect", message: expect.stringContaining("evil") });
    expect(sent.map(({ redirect }) => redirect)).toEqual(["manual"]);
  });

  it("end by the caller's signal with its reason, also while waiting to try again", async () => {
    const stop = new AbortController();
    const { client, sent, clock } = clientWith(refusal(503, "backend_unavailable"));
    const ended = caught(client.jobs.list({}, { signal: stop.signal }));
    await clock.advance(10);
    expect(sent).toHaveLength(1);
    stop.abort(new Error("enough"));
    expect(await ended).toMatchObject({ message: "enough" });
    expect(clock.pending).toBe(0);
    await expect(client.jobs.list({}, { signal: stop.signal })).rejects.toThrow("enough");
    expect(sent).toHaveLength(1);

    const open = scriptFetch(() => never(open.sent)());
    const options = { baseUrl: "http://signalbox.test", fetch: open.fetch, retries: 0 };
    const late = new AbortController();
    const waiting = caught(new SignalboxClient(options).jobs.get("a", { signal: late.signal }));
    late.abort(new Error("while it was asked"));
    expect(await waiting).toMatchObject({ message: "while it was asked" });
    expect(open.sent).toHaveLength(1);
  });
});

describe("repetitions", () => {
  it("wait ever longer, at least as long as the server asks, then give its answer", async () => {
    const { client, sent, clock } = clientWith(
      refusal(429, "rate_limited", "slow", { "retry-after": "7" }),
      new Error("ECONNRESET"),
      refusal(502, "bad_gateway"),
      Response.json({ id: "a" }),
    );
    const job = client.jobs.get("a");
    await clock.advance(6_999);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent).toHaveLength(2);
    await clock.advance(500);
    expect(sent).toHaveLength(3);
    await clock.advance(1_000);
    expect(await job).toEqual({ id: "a" });
  });

  it("end after three with the last failure", async () => {
    for (const [answer, kind] of [
      [refusal(500, "internal"), ServerError],
      [refusal(429, "rate_limited"), RateLimitedError],
      [new Error("connect ECONNREFUSED"), ConnectionError],
    ] as const) {
      const { client, sent, clock } = clientWith(answer);
      const error = caught(client.jobs.list());
      await clock.advance(60_000);
      expect(await error).toBeInstanceOf(kind);
      expect(sent).toHaveLength(4);
    }
  });

  it("begin after a time limit too, and say in the end how long that was", async () => {
    const script = scriptFetch(() => never(script.sent)());
    const clock = new ManualClock();
    const client = new SignalboxClient({
      baseUrl: "http://signalbox.test",
      fetch: script.fetch,
      clock,
      timeoutMs: 1_500,
      retries: 1,
      random: () => 0,
    });
    const error = caught(client.jobs.list());
    await clock.advance(3_000);
    expect(await error).toBeInstanceOf(TimeoutError);
    expect(await error).toMatchObject({ message: expect.stringContaining("1.5 s") });
    expect(script.sent).toHaveLength(2);
  });

  it("carry the same command id, batch key and job id, which the client makes", async () => {
    const busy = refusal(503, "backend_unavailable");
    const { client, sent, clock } = clientWith(busy, Response.json({ command: { id: "c" } }));
    const command = client.control.pause("a", { mode: "release" });
    await clock.advance(1_000);
    await command;
    expect(sent[0]?.body).toMatchObject({ action: "pause", mode: "release" });
    expect(sent[0]?.body).toMatchObject({ command_id: expect.stringMatching(/^cmd_\w{20,}$/) });
    expect(sent[1]?.body).toEqual(sent[0]?.body);

    for (const act of [
      (c: SignalboxClient) => c.jobs.attach(),
      (c: SignalboxClient) => c.predictions.create("a", []),
      (c: SignalboxClient) => c.metrics.create("a", []),
    ]) {
      const again = clientWith(new Error("reset"), Response.json({}));
      const done = act(again.client);
      await again.clock.advance(1_000);
      await done;
      const [first, second] = again.sent;
      expect(second?.body).toEqual(first?.body);
      expect(second?.headers.get("idempotency-key")).toBe(first?.headers.get("idempotency-key"));
      expect(first?.body).toMatchObject({ job_id: expect.stringMatching(/./) });
    }
  });

  it("are not made of a write that the server would not recognise", async () => {
    for (const act of [
      (c: SignalboxClient) => c.jobs.update("a", { notes: "" }),
      (c: SignalboxClient) => c.jobs.delete("a"),
      (c: SignalboxClient) => c.request("POST", "/api/training/local/metrics", { body: {} }),
    ]) {
      const { client, sent, clock } = clientWith(new Error("reset"));
      const error = caught(act(client));
      await clock.advance(60_000);
      expect(await error).toBeInstanceOf(ConnectionError);
      expect(sent).toHaveLength(1);
    }
  });

  it("of a start stop where the server has said no, and go on where it was not reached", async () => {
    const refused = clientWith(refusal(503, "backend_unavailable"));
    const error = caught(refused.client.jobs.create({ kind: "sft" }));
    await refused.clock.advance(60_000);
    expect(await error).toBeInstanceOf(ServerError);
    expect(refused.sent).toHaveLength(1);

    const lost = clientWith(new Error("reset"), Response.json({ id: "job_1", status: "queued" }));
    const started = lost.client.jobs.create({ kind: "sft" });
    await lost.clock.advance(1_000);
    expect((await started).id).toBe("job_1");
    const [first, second] = lost.sent.map(({ headers }) => headers.get("idempotency-key"));
    expect(first).toMatch(/^start_/);
    expect(second).toBe(first);
  });
});
