import { ingestLimits } from "@signalbox/protocol/data/ingest";
import type { ApiDocument } from "@signalbox/protocol/service/openapi";
import { version } from "@/package.json";
import type { RouteDescription } from "../api-route";
import { jsonLimits } from "../json-count";
import { components } from "./components";
import { errorResponses } from "./errors";
import { toJsonSchema } from "./json-schema";
import { operationOf } from "./operation";
import { tags } from "./tags";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** A route's module: its handlers by method. Other exports are Next's settings. */
export type RouteModule = Record<string, unknown>;

const count = (n: number) => n.toLocaleString("en");

const description = `Requests and replies are JSON. Times are ISO 8601 in UTC. Every error is
\`{"error": {code, message, request_id, details?}}\`.

Numbers that JSON cannot carry travel as \`"NaN"\`, \`"Infinity"\` and \`"-Infinity"\`, both ways.
A list query parameter takes comma-separated values, or is repeated for values that contain a comma.

Limits: ${ingestLimits.bodyBytes / 1024 / 1024} MiB per body after decompression;
${count(ingestLimits.points)} points, ${count(ingestLimits.predictions)} predictions,
${count(ingestLimits.logLines)} log lines or ${count(ingestLimits.events)} events per batch;
${count(ingestLimits.seriesPerJob)} series per run; 256 characters per name; 256 KiB per text
and per object, such as an event's data, a config or a metadata; ${count(jsonLimits.values)} values, ${count(jsonLimits.fields)} fields and
${count(jsonLimits.containers)} lists and objects per body. A batch is stored whole or not at all.

A reply that lists rows ends at about 1 MiB, with at least one row: it may have fewer than \`limit\`.
Go on at \`offset\` plus the rows that came, or from \`next_seq\` or \`next_epoch\`.

Attempts to sign in or up are limited by address and by account, unless set otherwise to 30 and 10
within five minutes; no other request is. Wait for \`Retry-After\` after a 429 or 503.`;

/** The API description in OpenAPI 3.1, generated from the schemas that the routes parse with. */
export function buildDocument(routes: Readonly<Record<string, RouteModule>>): ApiDocument {
  const paths: ApiDocument["paths"] = {};
  for (const [pattern, module] of Object.entries(routes)) {
    const operations = methods.flatMap((method) => {
      const route = descriptionOf(module[method]);
      return route ? [[method.toLowerCase(), operationOf(pattern, method, route)] as const] : [];
    });
    paths[pattern.replaceAll(/\[(\w+)\]/g, "{$1}")] = Object.fromEntries(operations);
  }
  const used = new Set(
    Object.values(paths).flatMap((path) => Object.values(path).flatMap(({ tags }) => tags)),
  );
  return {
    openapi: "3.1.1",
    info: {
      title: "Signalbox",
      version,
      description: description.replaceAll(/(?<!\n)\n(?!\n)/g, " "),
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: Object.entries(tags)
      .filter(([name]) => used.has(name))
      .map(([name, text]) => ({ name, description: text })),
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(components).map(([name, schema]) => [
          name,
          toJsonSchema(schema, "output", { inline: true }),
        ]),
      ),
      responses: errorResponses(),
      headers: {
        RequestId: {
          description: "Identifies this request in the server log.",
          schema: { type: "string" },
        },
        RetryAfter: {
          description: "Seconds to wait before another attempt.",
          schema: { type: "integer", minimum: 0 },
        },
      },
      securitySchemes: {
        apiKey: {
          type: "apiKey",
          in: "header",
          name: "X-API-Key",
          description: "An API key, sbx_…, limited to its scopes.",
        },
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "An API key or a Supabase access token.",
        },
        jobToken: {
          type: "http",
          scheme: "bearer",
          description: "A job token, sbj_…, for one run's ingest and command routes.",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "sb-*-auth-token",
          description: "A browser session from Supabase Auth; writes must be same-origin.",
        },
      },
    },
  };
}

/** The description that `apiRoute` attached to a handler; null for any other export. */
function descriptionOf(handler: unknown): RouteDescription | null {
  if (typeof handler !== "function" || !("description" in handler)) return null;
  return handler.description as RouteDescription;
}
