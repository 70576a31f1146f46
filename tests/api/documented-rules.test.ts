import type { ApiDocument } from "@signalbox/protocol/service/openapi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiDocument } from "../../app/api/openapi.json/document.ts";
import type { JobDriver } from "./job-driver.ts";
import { startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

interface Rule {
  /** As the document names it. */
  route: `${string} /${string}`;
  /** A request that breaks it. */
  json?: unknown;
  query?: string;
  headers?: Record<string, string>;
  status: 400 | 409 | 422;
  /** What the description of the route says about it. */
  says: RegExp;
}

const deep = JSON.parse(`${'{"a":'.repeat(101)}1${"}".repeat(101)}`);
const point = { name: "loss", step: 1, value: 1 };
const local = "/api/training/local";

/** Rules that a schema's types do not show, because code checks them. */
const rules: Record<string, Rule> = {
  "a reserved id": {
    route: `POST ${local}/jobs`,
    json: { job_id: "stream" },
    status: 400,
    says: /cannot have the name of a route \([^)]*\bstream\b/,
  },
  "an id of dots": {
    route: `POST ${local}/jobs`,
    json: { job_id: ".." },
    status: 400,
    says: /an id of only dots/,
  },
  "progress over 100": {
    route: `POST ${local}/jobs`,
    json: { job_id: "run", progress: 101 },
    status: 400,
    says: /From 0 to 1, or per cent/,
  },
  "a dataset": {
    route: "POST /api/training/jobs",
    json: { kind: "sft", dataset_id: "d" },
    status: 422,
    says: /Refused with 422: there are no datasets yet/,
  },
  "a kind without a trainer": {
    route: "POST /api/training/jobs",
    json: { kind: "other" },
    status: 422,
    says: /a kind without a trainer/,
  },
  "an Idempotency-Key that is too long": {
    route: "POST /api/training/jobs",
    json: { kind: "sft" },
    headers: { "idempotency-key": "x".repeat(129) },
    status: 400,
    says: /1 to 128 characters/,
  },
  "a body that is nested too deeply": {
    route: "POST /api/training/jobs",
    json: { kind: "sft", config: deep },
    status: 400,
    says: /At most 100 levels deep/,
  },
  "metrics without rows": {
    route: `POST ${local}/metrics`,
    json: { job_id: "run" },
    status: 400,
    says: /At least one of metrics and points/,
  },
  "a series called like a field": {
    route: `POST ${local}/metrics`,
    json: { job_id: "run", points: [{ ...point, name: "step" }] },
    status: 400,
    says: /Any name but __proto__, step/,
  },
  "logs without lines": {
    route: `POST ${local}/{id}/logs`,
    json: {},
    status: 400,
    says: /At least one of lines and logs/,
  },
  "a text that is too long": {
    route: `POST ${local}/{id}/logs`,
    json: { logs: ["x".repeat(256 * 1024 + 1)] },
    status: 400,
    says: /At most 256 KiB in UTF-8/,
  },
  "mode without pause": {
    route: `POST ${local}/{id}/control`,
    json: { action: "stop", mode: "hold" },
    status: 400,
    says: /mode with another action than pause/,
  },
  "a checkpoint without resume": {
    route: `POST ${local}/{id}/control`,
    json: { action: "pause", checkpoint_id: "c" },
    status: 400,
    says: /checkpoint_id with another than resume/,
  },
  "a command that the state forbids": {
    route: `POST ${local}/{id}/resume`,
    json: {},
    status: 409,
    says: /409/,
  },
  "no parameter": {
    route: `PATCH ${local}/{id}/update-params`,
    json: { learning_rate: null },
    status: 400,
    says: /at least one must be given, and null counts as absent/,
  },
  "a parameter out of its range": {
    route: `PATCH ${local}/{id}/update-params`,
    json: { learning_rate: 2 },
    status: 422,
    says: /a value outside its declared range/,
  },
  "a tag without its action": {
    route: "POST /api/training/jobs/bulk",
    json: { ids: ["run"], action: "archive", tag: "t" },
    status: 400,
    says: /tag is required by the actions tag and untag/,
  },
  "an unknown sort": {
    route: "GET /api/training/jobs",
    query: "sort=colour",
    status: 400,
    says: /Prefix with - to sort descending/,
  },
  "a condition that is none": {
    route: "GET /api/training/jobs",
    query: "where=nonsense",
    status: 400,
    says: /then one of : !: < <= > >=/,
  },
  "too many runs in a stream": {
    route: "GET /api/training/stream",
    query: `runs=${Array.from({ length: 51 }, (_, i) => `r${i}`).join(",")}`,
    status: 400,
    says: /1 to 50 runs/,
  },
};

describe("a rule of the API", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;
  let document: ApiDocument;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
    document = apiDocument();
    const live_params = { learning_rate: { min: 0, max: 1 } };
    await act.post(`${local}/jobs`, { job_id: "run", live_params });
  });
  afterAll(() => api.close());

  /** The operation's description with those of the schemas that it refers to. */
  function textOf(value: unknown, seen = new Set<string>()): string {
    const text = JSON.stringify(value);
    const names = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].flatMap(([, name]) =>
      name && !seen.has(name) ? [name] : [],
    );
    for (const name of names) seen.add(name);
    return [text, ...names.map((name) => textOf(document.components.schemas[name], seen))].join();
  }

  it.each(Object.entries(rules))("that refuses %s is in its description", async (_name, rule) => {
    const { route, query, json, headers, status, says } = rule;
    const [method = "", path = ""] = route.split(" ");
    const address = `${path.replace("{id}", "run")}${query ? `?${query}` : ""}`;
    const reply = await api.call(method, address, { key, json, ...(headers && { headers }) });
    expectRefusal(reply, status);
    const operations = new Map(Object.entries(document.paths[path] ?? {}));
    expect(textOf(operations.get(method.toLowerCase()))).toMatch(says);
  });
});
