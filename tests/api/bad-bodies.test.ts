import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestUser } from "../../supabase/local/testing.ts";
import { type CallOptions, expectRefusal, startApi, type TestApi } from "./kit.ts";
import { methodOf, type RouteCase, routeCases } from "./routes-table.ts";

const withBody = routeCases.filter(({ json }) => json !== undefined);
const bodies = withBody.map((entry) => [entry.route, entry] as const);
/** Routes with an optional body. */
const optional = [
  "POST /api/training/local/[id]/heartbeat",
  "POST /api/training/local/[id]/resume",
];
const limit = 10 * 1024 * 1024;
const large = new TextEncoder().encode(`{"notes":"${"x".repeat(limit)}"}`);
const bomb = Uint8Array.from(gzipSync(Buffer.alloc(limit + 1, " ")));
const deep = (n: number) => `${'{"config":'.repeat(n)}{}${"}".repeat(n)}`;
const endlessNesting = [
  deep(200_000),
  deep(3_000),
  `{"config":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`,
];

describe("invalid bodies", () => {
  let api: TestApi;
  let a: TestUser;
  let key: string;

  beforeAll(async () => {
    api = await startApi();
    a = await api.signUp("a");
    key = await api.makeKey(a);
    await api.attach(a, "job", { live_params: { learning_rate: {} } });
  });
  afterAll(() => api.close());

  const send = (entry: RouteCase, options: CallOptions) =>
    api.call(methodOf(entry), entry.path("job"), { key, ...options });
  const utf8 = (text: string) => new TextEncoder().encode(text);

  it.each(bodies)("%s rejects anything but a JSON object", async (_route, entry) => {
    const broken: NonNullable<CallOptions["body"]>[] = [
      "{",
      "[]",
      "null",
      "42",
      '"text"',
      "{'job_id':'job'}",
      '{"job_id":NaN}',
      '{"step":Infinity}',
      '{"step":-Infinity}',
      '{"step":01}',
      '{"step":1,}',
      '{"a":"\u0000"}',
      '{"a":"\u0001"}',
      "\ufeff\ufeff{}",
      utf8('{"a":"x"}').map((byte) => (byte === 0x78 ? 0xff : byte)),
      new Uint8Array([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
      new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
      new Uint8Array(64),
    ];
    for (const body of broken) expectRefusal(await send(entry, { body }), 400);
  });

  it.each(bodies)("%s rejects a missing body", async (_route, entry) => {
    const empty = () =>
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.close(),
      });
    for (const body of [undefined, "", empty()]) {
      const reply = await send(entry, { body });
      if (optional.includes(entry.route)) expect([200, 409], reply.text).toContain(reply.status);
      else expectRefusal(reply, 400);
    }
  });

  it.each(bodies)(
    "%s rejects a body that is too large without reading it all",
    async (_route, entry) => {
      expectRefusal(await send(entry, { body: large }), 413);
      const headers = { "content-encoding": "gzip" };
      expect(bomb.byteLength).toBeLessThan(20_000);
      expectRefusal(await send(entry, { body: bomb, headers }), 413);
    },
  );

  it("reads an endless body only up to the limit", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024 * 1024).fill(0x20));
      },
    });
    const path = "/api/training/local/metrics";
    expectRefusal(await api.call("POST", path, { key, body: endless }), 413);
    expect(pulled).toBeLessThan(40);
  });

  it.each(bodies)(
    "%s rejects an unknown encoding, and a body that does not match its encoding",
    async (_route, entry) => {
      const json = JSON.stringify(entry.json?.("job"));
      for (const encoding of ["zstd", "constructor", "toString", "__proto__", "gzip, gzip"]) {
        const headers = { "content-encoding": encoding };
        expectRefusal(await send(entry, { body: json, headers }), 422);
      }
      for (const encoding of ["gzip", "deflate", "br"]) {
        const headers = { "content-encoding": encoding };
        expectRefusal(await send(entry, { body: json, headers }), 400);
      }
      const whole = gzipSync(json);
      const cut = Uint8Array.from(whole.subarray(0, whole.byteLength - 9));
      expectRefusal(await send(entry, { body: cut, headers: { "content-encoding": "gzip" } }), 400);
    },
  );

  it.each(bodies)("%s rejects excessive nesting", async (_route, entry) => {
    // A route that takes less refuses the size.
    for (const body of endlessNesting) {
      const refused = await send(entry, { body });
      expectRefusal(refused, refused.status === 413 ? 413 : 400);
    }
  });

  const odd = [null, true, -1, 1e300, "", "\0x", [1], { a: 1 }];

  /** The document with one value replaced, for every position and every odd value. */
  function* mutations(value: unknown): Generator<unknown> {
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) {
        for (const change of [...odd, ...mutations(item)]) yield value.with(i, change);
      }
    } else if (typeof value === "object" && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        const { [name]: _, ...without } = value as Record<string, unknown>;
        yield without;
        for (const change of [...odd, ...mutations(item)]) yield { ...value, [name]: change };
      }
    }
  }

  const richer: Record<string, unknown> = {
    "POST /api/training/jobs/bulk": { ids: ["odd"], action: "tag", tag: "t" },
    "POST /api/training/views": { page: "runs", name: "mine", query: "sort=name" },
    "POST /api/client-errors": { kind: "error", message: "m", source: "s", page: "/p" },
    "PUT /api/settings/retention": { archived_days: 30, points_days: 90 },
    "POST /api/training/local/jobs": {
      job_id: "odd",
      name: "n",
      kind: "sft",
      model_name: "m",
      dataset_path: "d",
      status: "running",
      config: { a: { b: 1 } },
      params: { a: 1 },
      live_params: { lr: { min: 0, max: 1 } },
      tags: ["t"],
      error: "e",
      error_message: "e",
      progress: 0.5,
      current_step: 1,
      current_epoch: 1,
      total_steps: 10,
      total_epochs: 2,
      started_at: 1,
      finished_at: 1,
      completed_at: 1,
      parent_job_id: "p",
    },
    "POST /api/training/local/metrics": {
      job_id: "odd",
      batch_id: "b",
      metrics: [{ step: 1, epoch: 1, timestamp: 1, loss: 1 }],
      points: [{ name: "n", step: 1, value: 1, epoch: 1, phase: "p", timestamp: 1 }],
    },
    "PUT /api/training/local/[id]/metrics": {
      batch_id: "b",
      step: 1,
      epoch: 1,
      timestamp: 1,
      loss: 1,
    },
    "POST /api/training/local/predictions": {
      job_id: "odd",
      batch_id: "b",
      predictions: [
        {
          epoch: 1,
          step: 1,
          sample_index: 1,
          prompt: "p",
          prediction: "q",
          ground_truth: "t",
          prompt_id: "i",
          exact_match: 0,
          char_error_rate: 1,
          length_ratio: 1,
          word_overlap: 0,
          validation_passed: true,
          tokens: 1,
          latency_ms: 1,
          metadata: { a: 1 },
        },
      ],
    },
    "POST /api/training/local/[id]/logs": {
      batch_id: "b",
      lines: [{ stream: "stdout", text: "t", ts: 1 }],
      logs: ["l"],
    },
    "POST /api/training/local/[id]/events": {
      batch_id: "b",
      events: [{ type: "t", level: "info", message: "m", data: { a: 1 } }],
    },
    "POST /api/training/local/[id]/heartbeat": { step: 1, epoch: 1, progress: 0.5, phase: "p" },
    "POST /api/training/local/[id]/status": {
      batch_id: "b",
      error: "e",
      phase: "p",
      progress: 0.5,
      step: 1,
      epoch: 1,
      total_steps: 1,
      total_epochs: 1,
      live_params: { lr: { min: 0, max: 1 } },
      exited: false,
      exit_code: 1,
      metadata: { a: 1 },
    },
    "PATCH /api/training/local/[id]/status": { status: "running", error: "e", progress: 0.5 },
    "POST /api/training/local/[id]/control": {
      action: "resume",
      mode: "hold",
      reason: "r",
      command_id: "c",
      checkpoint_id: "k",
    },
    "POST /api/training/local/[id]/resume": { reason: "r", command_id: "c", checkpoint_id: "k" },
    "PATCH /api/training/local/[id]/update-params": {
      learning_rate: 1,
      command_id: "c",
      reason: "r",
    },
    "POST /api/training/local/[id]/commands/[cid]/ack": {
      status: "applied",
      applied_step: 1,
      old: { a: 1 },
      new: { a: 1 },
      reason: "r",
      result: { a: 1 },
    },
    "POST /api/training/jobs": {
      name: "n",
      kind: "sft",
      config: { a: 1 },
      tags: ["t"],
    },
    "PUT /api/training/[id]": { name: "n", tags: ["t"], notes: "n", archived: false },
    "POST /api/auth/links": { expires_in_s: 60 },
    "POST /api/settings/api-keys": { name: "n", scopes: ["read"], expires_in_days: 1 },
  };

  it.each(bodies)(
    "%s answers every odd value in its body with success or a 4xx error",
    async (_route, entry) => {
      const body = richer[entry.route];
      if (body === undefined) throw new Error(`say what the body of ${entry.route} may hold`);
      await api.attach(a, "odd", { live_params: { learning_rate: {} } });
      const path = entry.path("odd");
      const documents = [...mutations(body)];
      const replies = await Promise.all(
        documents.map((json) => api.call(methodOf(entry), path, { key, json })),
      );
      let refused = 0;
      for (const [i, reply] of replies.entries()) {
        expect(reply.status, `${JSON.stringify(documents[i])} → ${reply.text}`).toBeLessThan(500);
        if (reply.status < 400) continue;
        expectRefusal(reply);
        refused += 1;
      }
      expect(refused).toBeGreaterThan(0);
    },
  );

  it.each(bodies)("%s rejects or ignores unknown fields", async (_route, entry) => {
    const json = { ...(entry.json?.("job") as object), user_id: "someone", nonsense: { a: 1 } };
    const reply = await send(entry, { json });
    if (entry.scope === "ingest") {
      expect([200, 404], reply.text).toContain(reply.status);
      if (reply.status === 404) expect(reply.text).toContain("Command not found.");
    } else {
      expectRefusal(reply, 400);
      expect(reply.text).toMatch(/nonsense|user_id/);
    }
  });
});
