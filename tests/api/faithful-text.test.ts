import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

/** Texts that break parsers, terminals, pages and databases. */
const hostile: [string, string][] = [
  ["markup", `<script>alert(1)</script><img src=x onerror="alert(1)">&amp;'"`],
  ["ANSI colours and links", "\u001b[31mred\u001b[0m \u001b]8;;javascript:alert(1)\u0007link"],
  ["control characters", "\u0001\u0008\u000b\u001f\u007f\u0080\u009b\r\n\t"],
  ["NUL", "before\0after\0"],
  ["lone surrogates", "\ud800 and \udc00 and \ud83d"],
  ["a prototype", "__proto__"],
  ["bidirectional overrides", "\u202egnp.exe\u202c \u2066x\u2069"],
  ["zero-width and combining", "a\u200b\u200d\ufeffe\u0301\u0301\u0301"],
  ["emoji", "👩‍👩‍👧‍👦 💥"],
  ["SQL", "'; drop table jobs; -- %s $1 \\' \\u0000"],
  ["templates", "{{7*7}} $" + "{7*7} #{7*7} %(x)s"],
  ["line separators", "\u2028\u2029"],
  ["JSON", '{"a":"\\u0000"}'],
];

/** The stored form of a text: PostgreSQL cannot store NUL or a lone surrogate. */
const stored = (text: string) => text.replaceAll("\0", "␀").toWellFormed();

describe("stored text round-trips", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner({ engine: "pglite" }));
  });
  afterAll(() => api.close());

  const call = async (method: string, path: string, json?: unknown) => {
    const reply = await api.call(method, path, { key, json });
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply.body as Record<string, unknown>;
  };

  /** The same text as a value, in a list and as a key. A key `__proto__` needs the long way. */
  const documentOf = (text: string) =>
    Object.fromEntries<unknown>([
      ["value", text],
      ["list", [text, { [`${text}`]: 1 }]],
      [text, { inner: text }],
    ]);

  it.each(hostile)("keeps %s in a job's fields", async (_name, text) => {
    const fields = {
      name: text,
      model_name: text,
      dataset_path: text,
      config: documentOf(text),
      params: documentOf(text),
      tags: [text],
    };
    const id = await act.attach(fields);
    await call("PUT", `/api/training/${id}`, { notes: text });
    const job = await call("GET", `/api/training/${id}`);
    expect(job).toMatchObject({
      name: stored(text),
      notes: stored(text),
      model_name: stored(text),
      dataset_path: stored(text),
      tags: [stored(text)],
    });
    expect(job.config).toStrictEqual(documentOf(stored(text)));
    expect(job.params).toStrictEqual(documentOf(stored(text)));
    const query = new URLSearchParams([
      ["tag", stored(text)],
      ["tag", stored(text)],
      ["q", stored(text)],
    ]);
    expect(await call("GET", `/api/training/jobs?${query}`)).toMatchObject({ jobs: [{ id }] });
    const { jobs } = await call("GET", "/api/training/jobs?limit=1");
    expect(jobs).toMatchObject([{ name: stored(text), config: documentOf(stored(text)) }]);
  });

  it.each(hostile)("keeps %s in logs, events, reports and commands", async (_name, text) => {
    const id = await act.attach({ live_params: { rate: {} } });
    const local = `/api/training/local/${id}`;
    await call("POST", `${local}/logs`, {
      lines: [{ stream: "stderr", text }],
      logs: [text],
    });
    const logs = await call("GET", `${local}/logs`);
    expect(logs.logs).toMatchObject([
      { line: 1, stream: "stderr", text: stored(text) },
      { line: 2, stream: "stdout", text: stored(text) },
    ]);
    const found = await call("GET", `${local}/logs?q=${encodeURIComponent(stored(text))}`);
    expect(found).toMatchObject({ total_lines: 2 });

    const event = { type: text, level: "error", message: text, data: documentOf(text) };
    await call("POST", `${local}/events`, { events: [event] });
    const expected = {
      type: stored(text),
      level: "error",
      message: stored(text),
      data: documentOf(stored(text)),
    };
    const { events } = await call("GET", `/api/learning/jobs/${id}/events`);
    expect(events).toStrictEqual([{ ...expected, seq: 3, created_at: expect.any(String) }]);
    const errors = await call("GET", `${local}/errors`);
    expect(errors).toMatchObject({ errors: [expected], traceback: stored(text) });

    const command = { command_id: text, reason: text, rate: text };
    const asked = await call("PATCH", `${local}/update-params`, command);
    expect(asked.command).toMatchObject({
      id: stored(text),
      reason: stored(text),
      args: { rate: stored(text) },
    });
    const path = `${local}/commands/${encodeURIComponent(stored(text))}/ack`;
    const ack = { status: "applied", old: documentOf(text), new: documentOf(text) };
    await call("POST", path, ack);
    expect(await call("GET", `${local}/commands`)).toMatchObject({
      commands: [{ status: "applied", old: documentOf(stored(text)) }],
    });

    const metadata = { ...documentOf(text), nothing: null };
    await call("POST", `${local}/status`, { status: "failed", error: text, phase: text, metadata });
    expect(await call("GET", `/api/training/${id}`)).toMatchObject({ error: stored(text) });
    const timeline = await call("GET", `/api/learning/jobs/${id}/timeline?limit=1000`);
    expect((timeline.events as unknown[]).at(-1)).toMatchObject({
      phase: stored(text),
      metadata: { ...documentOf(stored(text)), nothing: null },
    });
  });

  it.each(hostile)("keeps %s as a series name, or says why not", async (_name, text) => {
    const id = await act.attach();
    const points = [{ name: text, step: 1, value: 2 }];
    const metrics = [
      Object.fromEntries<unknown>([
        ["step", 2],
        [text, 3],
      ]),
    ];
    for (const json of [{ points }, { metrics }]) {
      const path = "/api/training/local/metrics";
      const reply = await api.call("POST", path, { key, json: { ...json, job_id: id } });
      if (text === "__proto__") expectRefusal(reply, 400);
      else expect(reply.status, reply.text).toBe(200);
    }
    if (text === "__proto__") return;
    const name = stored(text);
    const { metrics: rows } = await call("GET", `/api/training/local/${id}/metrics`);
    expect(rows).toMatchObject([
      { step: 1, [name]: 2 },
      { step: 2, [name]: 3 },
    ]);
    const names = new URLSearchParams([
      ["names", name],
      ["names", name],
      ["buckets", "10"],
    ]);
    const { series } = await call("GET", `/api/training/local/${id}/metrics?${names}`);
    expect(series).toMatchObject([{ name, buckets: [{ first: 2 }, { last: 3 }] }]);
    expect((await call("GET", `/api/training/${id}`)).latest).toEqual({ [name]: 3 });
  });

  it("keeps a text of 256 KiB, and rejects one byte more", async () => {
    const id = await act.attach();
    for (const letter of ["x", "é", "💥"]) {
      const width = new TextEncoder().encode(letter).length;
      const whole = letter.repeat((256 * 1024) / width);
      await call("PUT", `/api/training/${id}`, { notes: whole });
      expect((await call("GET", `/api/training/${id}`)).notes === whole).toBe(true);
      await call("POST", `/api/training/local/${id}/logs`, { logs: [whole] });
      const { logs } = await call("GET", `/api/training/local/${id}/logs?tail=1`);
      expect((logs as [{ text: string }])[0].text === whole).toBe(true);
      for (const [method, path, json] of [
        ["PUT", `/api/training/${id}`, { notes: `${whole}x` }],
        ["POST", `/api/training/local/${id}/logs`, { logs: [`${whole}x`] }],
        [
          "POST",
          `/api/training/local/${id}/events`,
          { events: [{ type: "t", message: `${whole}x` }] },
        ],
        ["POST", `/api/training/local/${id}/status`, { error: `${whole}x` }],
      ] as const) {
        expectRefusal(await api.call(method, path, { key, json }), 400);
      }
    }
  });

  it("accepts names of up to 256 characters", async () => {
    const id = await act.attach({ name: "💥".repeat(128) });
    const path = `/api/training/${id}`;
    await call("PUT", path, { name: "x".repeat(256) });
    expectRefusal(await api.call("PUT", path, { key, json: { name: "x".repeat(257) } }), 400);
    const point = (name: string) => ({ job_id: id, points: [{ name, step: 0, value: 0 }] });
    await call("POST", "/api/training/local/metrics", point("é".repeat(256)));
    for (const json of [
      point("x".repeat(257)),
      { job_id: id, metrics: [{ step: 0, ["x".repeat(257)]: 0 }] },
      { job_id: id, metrics: [{ step: 0, "": 0 }] },
    ]) {
      expectRefusal(await api.call("POST", "/api/training/local/metrics", { key, json }), 400);
    }
  });

  it("does not mistake an inherited property for a declared parameter", async () => {
    const id = await act.attach({ live_params: { rate: { min: 0, max: 1 } } });
    const path = `/api/training/local/${id}/update-params`;
    for (const name of ["constructor", "toString", "valueOf", "hasOwnProperty"]) {
      expectRefusal(await api.call("PATCH", path, { key, json: { [name]: 1 } }), 422);
    }
    const body = '{"__proto__":1}';
    expect([400, 422]).toContain((await api.call("PATCH", path, { key, body })).status);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("keeps an API key's name", async () => {
    for (const [, text] of hostile.filter(([, candidate]) => candidate.trim() !== "")) {
      const body = { name: text, scopes: ["read"] };
      const made = await call("POST", "/api/settings/api-keys", body);
      expect(made.key).toMatchObject({ name: stored(text).trim() });
    }
  });
});
