import type { ApiDocument, ApiOperation, ApiParameter } from "@signalbox/protocol/service/openapi";
import fc from "fast-check";
import { valuesOf } from "./schema-values.ts";

export interface FuzzedCall {
  method: string;
  path: string;
  /** Whose credential it carries. */
  as: "owner" | "trainer" | "stranger" | "nobody";
  json: unknown;
  /** Whether the reply is a stream, which may stay open. */
  streams: boolean;
}

/** Waiting is right, but takes time that the test has better uses for. */
const waits = new Set(["wait", "wait_s", "timeout", "timeout_s"]);

/** Calls of every operation of an API description, most of them nearly right. */
export function callsOf(document: ApiDocument, ids: string[]): fc.Arbitrary<FuzzedCall> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => callOf(path, method, operation)),
  );
  return fc.oneof(...operations);

  function callOf(path: string, method: string, operation: ApiOperation): fc.Arbitrary<FuzzedCall> {
    const { parameters = [], requestBody, responses } = operation;
    const body = requestBody?.content["application/json"]?.schema;
    const values = (schema: ApiParameter["schema"]) =>
      valuesOf(schema, document.components.schemas, ids);
    const inPath = parameters.filter((each) => each.in === "path");
    const inQuery = parameters.filter((each) => each.in === "query");
    return fc
      .record({
        as: fc.constantFrom(
          ...(["owner", "owner", "owner", "trainer", "stranger", "nobody"] as const),
        ),
        path: fc.record(
          Object.fromEntries(
            inPath.map(({ name, schema }) => [
              name,
              fc.oneof(
                { weight: 6, arbitrary: fc.constantFrom(...ids) },
                { weight: 1, arbitrary: values(schema) },
              ),
            ]),
          ),
        ),
        query: fc.record(
          Object.fromEntries(inQuery.map(({ name, schema }) => [name, values(schema)])),
          { requiredKeys: inQuery.filter(({ required }) => required).map(({ name }) => name) },
        ),
        json: body ? values(body) : fc.constant(undefined),
      })
      .map(({ as, path: inAddress, query, json }) => ({
        method: method.toUpperCase(),
        path: filled(path, inAddress) + searchOf(query),
        as,
        json,
        streams: "text/event-stream" in (responses[200]?.content ?? {}),
      }));
  }
}

function filled(path: string, values: Record<string, unknown>): string {
  return path.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) =>
      // An empty segment would be another route's address.
      encodeURIComponent(asText(values[name]).toWellFormed()).replaceAll(".", "%2E") || "%20",
  );
}

function searchOf(query: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (waits.has(name)) search.append(name, "0");
    else if (Array.isArray(value)) for (const item of value) search.append(name, asText(item));
    else search.append(name, asText(value));
  }
  return search.size > 0 ? `?${search}` : "";
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
}
