import type { ApiDocument } from "@signalbox/protocol/service/openapi";
import { errorStatus } from "@signalbox/protocol/wire/error";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { apiDocument, documentedRoutes } from "../../app/api/openapi.json/document.ts";
import { repliesOf } from "../../lib/server/openapi/operation.ts";
import { loadRoutes, type Route } from "./router.ts";

type Json = Record<string, unknown>;

/** The JSON Schema keywords in use, besides our own, which begin with x-. */
const keywords =
  /^(x-.+|\$ref|type|properties|required|additionalProperties|propertyNames|items|prefixItems|minItems|maxItems|anyOf|oneOf|allOf|enum|const|minimum|maximum|exclusiveMinimum|minLength|maxLength|pattern|format|default|description|examples)$/;

function* objectsIn(value: unknown, path = ""): Generator<[string, Json]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Json];
  for (const [key, item] of Object.entries(value)) yield* objectsIn(item, `${path}/${key}`);
}

/** A schema and all schemas nested in it. */
function* schemasIn(schema: Json, path: string): Generator<[string, Json]> {
  yield [path, schema];
  for (const key of ["items", "additionalProperties", "propertyNames"]) {
    const inner = schema[key];
    if (typeof inner === "object" && inner) yield* schemasIn(inner as Json, `${path}/${key}`);
  }
  for (const key of ["anyOf", "oneOf", "allOf", "prefixItems", "properties"]) {
    for (const [name, inner] of Object.entries((schema[key] as Json | undefined) ?? {})) {
      yield* schemasIn(inner as Json, `${path}/${key}/${name}`);
    }
  }
}

describe("the API description", () => {
  let document: ApiDocument;
  let routes: Route[];
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  beforeAll(async () => {
    document = apiDocument();
    routes = await loadRoutes();
  });

  /** All schemas in the document, with their paths. */
  function allSchemas(): [string, Json][] {
    const found: [string, Json][] = Object.entries(document.components.schemas);
    for (const [path, object] of objectsIn(document.paths)) {
      for (const key of ["schema", "x-itemSchema"]) {
        const schema = object[key];
        const isProperty = path.endsWith("/properties");
        if (typeof schema === "object" && !isProperty)
          found.push([`${path}/${key}`, schema as Json]);
      }
    }
    return found;
  }

  /** A validator made from the document alone. */
  function compile(schema: Json): z.ZodType {
    const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
    return z.fromJSONSchema(JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")));
  }

  it("has every method of every route, and no other", () => {
    const there = routes.flatMap(({ pattern, handlers }) =>
      [...handlers.keys()].map((method) => `${method} ${pattern}`),
    );
    const documented = operations().map(
      ({ path, method }) =>
        `${method.toUpperCase()} ${path.replaceAll("{", "[").replaceAll("}", "]")}`,
    );
    expect(documented.sort()).toEqual(there.sort());
  });

  it("takes each route from its own file", () => {
    for (const { pattern, handlers } of routes) {
      const module = documentedRoutes[pattern as keyof typeof documentedRoutes] as Record<
        string,
        unknown
      >;
      for (const [method, handler] of handlers) expect(module[method], pattern).toBe(handler);
    }
  });

  it("has a summary and a reply for every route", () => {
    for (const { pattern, handlers } of routes) {
      for (const [method, { description }] of handlers) {
        const name = `${method} ${pattern}`;
        expect(description.summary, `${name} needs a summary`).toBeTruthy();
        const documented = description.frames ?? description.text ?? repliesOf(description)[0];
        expect(documented, `${name} needs its reply (or frames)`).toBeDefined();
        if (!description.body) continue;
        const example = description.body.safeParse(description.example);
        expect(example.error, `${name} needs an example that is right`).toBeUndefined();
      }
    }
  });

  it("gives each operation a unique id", () => {
    const names = operations().map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it("names exactly the parameters of each path, and no parameter twice", () => {
    for (const { path, operation } of operations()) {
      const parameters = operation.parameters ?? [];
      const inPath = parameters.filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name }) => name).sort()).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort(),
      );
      expect(inPath.every(({ required }) => required)).toBe(true);
      const names = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it("resolves all its references", () => {
    for (const [path, { $ref }] of objectsIn(document)) {
      if ($ref === undefined) continue;
      const [, ...keys] = String($ref).split("/");
      const target = keys.reduce<unknown>((at, key) => (at as Json | undefined)?.[key], document);
      expect(target, `${path} refers to ${$ref}`).toBeDefined();
    }
    const schemes = Object.keys(document.components.securitySchemes);
    for (const { operation } of operations()) {
      expect(schemes).toEqual(expect.arrayContaining(operation.security.flatMap(Object.keys)));
    }
  });

  it("has a response for each error code, under its status", () => {
    const byCredentials = new Set([
      "postAuthSignIn",
      "postAuthLinksUse",
      "postAuthConfirmation",
      "postAuthNewPassword",
    ]);
    expect(Object.keys(document.components.responses)).toHaveLength(
      Object.keys(errorStatus).length,
    );
    for (const { operation } of operations()) {
      expect(operation.responses).toHaveProperty("500");
      const guarded = operation.security.length > 0;
      expect("401" in operation.responses && "403" in operation.responses).toBe(
        guarded || byCredentials.has(operation.operationId),
      );
    }
  });

  it("uses only JSON Schema keywords, and leaves a schema empty only where any value is valid", () => {
    const undocumented: string[] = [];
    for (const [where, root] of allSchemas()) {
      for (const [path, schema] of schemasIn(root, where)) {
        for (const key of Object.keys(schema)) expect(key, path).toMatch(keywords);
        if (Object.keys(schema).length === 0) undocumented.push(path.split("/").at(-1) ?? "");
      }
    }
    expect(new Set(undocumented)).toEqual(
      new Set(["additionalProperties", "default", "details", "value"]),
    );
  });

  it("compiles, and its examples are valid by the document alone", () => {
    for (const [where, schema] of allSchemas()) {
      expect(() => compile(schema), where).not.toThrow();
    }
    for (const { operation } of operations()) {
      const content = operation.requestBody?.content["application/json"];
      if (!content) continue;
      expect(compile(content.schema as Json).safeParse(content.example).error).toBeUndefined();
    }
  });

  it("distinguishes invalid bodies from valid ones", () => {
    const body = (path: string, method: string) =>
      compile(
        document.paths[path]?.[method]?.requestBody?.content["application/json"]?.schema as Json,
      );
    const metrics = body("/api/training/local/metrics", "post");
    const rows = (row: Json) => metrics.safeParse({ job_id: "a", metrics: [row] }).success;
    expect(rows({ step: 0, loss: "NaN", other: null })).toBe(true);
    expect(rows({ loss: 1 })).toBe(false);
    expect(rows({ step: -1 })).toBe(false);
    expect(rows({ step: 1, trend: "improving" })).toBe(true);
    const point = (value: unknown) =>
      metrics.safeParse({ job_id: "a", points: [{ name: "x", step: 1, value }] }).success;
    expect([point("NaN"), point("high")]).toEqual([true, false]);
    const control = body("/api/training/local/{id}/control", "post");
    expect(control.safeParse({ action: "pause" }).success).toBe(true);
    expect(control.safeParse({ action: "explode" }).success).toBe(false);
    expect(control.safeParse({ action: "pause", speed: 2 }).success).toBe(false);
  });

  it("describes every frame of the stream, those beyond the contract too", () => {
    const frames = document.components.schemas.JobStreamFrame?.oneOf as Json[];
    const names = frames.map(({ properties }) => (properties as { event: Json }).event.const);
    expect(names).toEqual(
      "connected snapshot status event metrics timeline logs prediction command heartbeat reset error end progress job prediction_summary".split(
        " ",
      ),
    );
    expect(frames.every(({ description }) => typeof description === "string")).toBe(true);
  });
});
