import type {
  ApiOperation,
  ApiParameter,
  ApiResponse,
  JsonSchema,
} from "@signalbox/protocol/service/openapi";
import { errorStatus } from "@signalbox/protocol/wire/error";
import { z } from "zod";
import { maxBodyBytesOf, type RouteDescription } from "../api-route";
import { errorsOf, responseName } from "./errors";
import { toJsonSchema } from "./json-schema";
import { tagOf } from "./tags";

const idempotencyKey: ApiParameter = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "1 to 128 characters. A repeated request returns the first reply; another body under the same key is a 409.",
  schema: { type: "string", minLength: 1, maxLength: 128 },
};

const lastEventId: ApiParameter = {
  name: "Last-Event-ID",
  in: "header",
  description:
    "The cursor to resume after, as browsers send it; takes precedence over the parameter after.",
  schema: { type: "string" },
};

/** One method of a route as an OpenAPI operation. `pattern` is in Next's form: `/api/training/[id]`. */
export function operationOf(
  pattern: string,
  method: string,
  route: RouteDescription,
): ApiOperation {
  const parameters = [
    ...parametersOf(route.params, "path"),
    ...parametersOf(route.query, "query"),
    ...(route.idempotent ? [idempotencyKey] : []),
    ...(route.frames && "after" in shapeOf(route.query) ? [lastEventId] : []),
  ];
  return {
    operationId: operationId(pattern, method),
    summary: route.summary ?? `${method} ${pattern}`,
    ...(route.details && { description: route.details }),
    tags: [tagOf(pattern, route)],
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: bodyOf(route, route.body) }),
    responses: responsesOf(route),
    "x-scope": route.scope,
  };
}

function operationId(pattern: string, method: string): string {
  const parts = pattern
    .split("/")
    .slice(2)
    .flatMap((segment) => segment.replace(/^\[(.+)\]$/, "by-$1").split(/[-.]/));
  const camel = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
  return method.toLowerCase() + camel;
}

function securityOf({
  scope,
  usersOnly,
  programsOnly,
}: RouteDescription): Record<string, string[]>[] {
  if (scope === "public") return [];
  const schemes = ["apiKey", "bearer", ...(programsOnly ? [] : ["session"])];
  if (scope === "ingest" && !usersOnly) schemes.unshift("jobToken");
  return schemes.map((scheme) => ({ [scheme]: [] }));
}

function shapeOf(schema: z.ZodType | undefined): Record<string, z.ZodType> {
  return schema instanceof z.ZodObject ? schema.shape : {};
}

function parametersOf(schema: z.ZodType | undefined, where: "path" | "query"): ApiParameter[] {
  if (!schema) return [];
  const { properties, required = [] } = toJsonSchema(schema, "input") as {
    properties: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => {
    const { description, explode, ...rest } = property;
    return {
      name,
      in: where,
      ...((where === "path" || required.includes(name)) && { required: true }),
      ...(typeof description === "string" && { description }),
      schema: rest,
      ...(rest.type === "array" && { style: "form", explode: explode === true }),
    };
  });
}

function bodyOf(route: RouteDescription, body: z.ZodType): ApiOperation["requestBody"] {
  return {
    required: !route.optionalBody,
    description: `JSON in UTF-8, at most ${sizeText(maxBodyBytesOf(route))} after decompression; Content-Encoding may be gzip, deflate or br. At most 100 levels deep, and no number beyond double precision. In texts NUL is stored as ␀ and a lone surrogate as �.`,
    content: {
      "application/json": {
        schema: toJsonSchema(body, "input"),
        ...(route.example !== undefined && { example: route.example }),
      },
    },
  };
}

const statusTexts: Record<string, string> = {
  200: "OK.",
  201: "Created.",
  202: "Accepted; not applied yet.",
  503: "A service is not responding.",
};

function responsesOf(route: RouteDescription): Record<string, ApiResponse> {
  const responses: Record<string, ApiResponse> = {};
  const headers = { "X-Request-Id": { $ref: "#/components/headers/RequestId" } };
  for (const [status, schema] of repliesOf(route)) {
    responses[status] = {
      description: statusTexts[status] ?? "",
      headers,
      content: { "application/json": { schema: toJsonSchema(schema, "output") } },
    };
  }
  if (route.frames) {
    responses[200] = {
      description:
        "Server-sent events, until the client disconnects or the stream ends. Compressed with gzip, br or zstd as Accept-Encoding says, each frame flushed.",
      headers,
      content: {
        "text/event-stream": {
          schema: { type: "string", description: "Frames with id, event and data (JSON)." },
          "x-itemSchema": toJsonSchema(route.frames, "output"),
        },
      },
    };
  }
  if (route.mayEnd) {
    responses[204] = { description: "Nothing more will come: do not reconnect.", headers };
  }
  if (route.text) {
    const content = { [route.text]: { schema: { type: "string" } } };
    responses[200] = { description: statusTexts[200] ?? "", headers, content };
  }
  for (const code of errorsOf(route)) {
    const status = String(errorStatus[code]);
    responses[status] ??= { $ref: `#/components/responses/${responseName(code)}` };
  }
  return responses;
}

/** A route's replies by status. */
export function repliesOf({ reply }: RouteDescription): [string, z.ZodType][] {
  if (!reply) return [];
  return reply instanceof z.ZodType ? [["200", reply]] : Object.entries(reply);
}

function sizeText(bytes: number): string {
  return bytes >= 2 ** 20 ? `${bytes / 2 ** 20} MiB` : `${bytes / 1024} KiB`;
}
