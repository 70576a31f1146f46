import { randomUUID } from "node:crypto";
import type { ErrorCode } from "@signalbox/protocol/error";
import type { ApiKeyScope } from "@signalbox/protocol/read";
import type { z } from "zod";
import { authenticate } from "./auth/authenticate";
import type { Principal, UserPrincipal } from "./auth/principal";
import { requireSameOrigin } from "./auth/same-origin";
import { errorResponse } from "./error-response";
import { AppError } from "./errors";
import { readJson, storableText } from "./request-body";
import { stopSignal } from "./stopping";

type Schema = z.ZodType | undefined;
type Parsed<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

/** What the API description tells of a route beyond what it parses; a test asks for it. */
interface RouteWords<B extends Schema> {
  /** One line: what it does. */
  summary?: string;
  /** What else a caller should know. */
  details?: string;
  /** What it answers with: a schema for 200, or one for each status. */
  reply?: z.ZodType | { [status in 200 | 201 | 202 | 503]?: z.ZodType };
  /** The media type of the plain text that it answers with instead. */
  text?: string;
  /** The frames of the event stream that it answers with instead. */
  frames?: z.ZodType;
  /** A body that is right. */
  example?: B extends z.ZodType ? z.input<B> : never;
  /** Recognises a repeated request by the header `Idempotency-Key`. */
  idempotent?: true;
  /** An ingest route that is for users only. */
  usersOnly?: true;
  /** Failures of its own; those that its scope, path and body bring are known. */
  errors?: readonly ErrorCode[];
}

interface RouteOptions<P extends Schema, Q extends Schema, B extends Schema> extends RouteWords<B> {
  /**
   * What the caller must be allowed. `ingest` also takes job tokens, `public` everybody; the
   * others are for users only.
   */
  scope: ApiKeyScope | "public";
  params?: P;
  query?: Q;
  body?: B;
  /** A body may be left out and then counts as `{}`. */
  optionalBody?: boolean;
}

/** A route's options, as the API description reads them off its handler. */
export type RouteDescription = Omit<RouteOptions<Schema, Schema, Schema>, "example"> & {
  scope: ApiKeyScope | "public";
  example?: unknown;
};

interface RouteInput<
  Who extends Principal | null,
  P extends Schema,
  Q extends Schema,
  B extends Schema,
> {
  request: Request;
  principal: Who;
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  /** The body as it came, for recognising a repeated batch. */
  bodyText: string;
  requestId: string;
}

type WhoFor<S> = S extends "public" ? null : S extends "ingest" ? Principal : UserPrincipal;

/**
 * A route: authenticates, checks the scope, parses, then runs the handler; its value is sent as
 * JSON unless it is a Response. Every failure answers in the contract's error shape. The handler
 * carries its options as `description`, from which the API description is made.
 */
export function apiRoute<
  const S extends ApiKeyScope | "public",
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
>(
  options: RouteOptions<P, Q, B> & { scope: S },
  handler: (input: RouteInput<WhoFor<S>, P, Q, B>) => Promise<unknown>,
) {
  const answer = async (
    request: Request,
    context: { params: Promise<Record<string, string | string[]> | undefined> },
  ): Promise<Response> => {
    const requestId = `req_${randomUUID().replaceAll("-", "").slice(0, 20)}`;
    try {
      const principal = options.scope === "public" ? null : await authorise(request, options.scope);
      const { value, text } = await bodyOf(request, options);
      const result = await handler({
        request,
        principal: principal as WhoFor<S>,
        params: parse(
          options.params,
          // Next gives none at all to a route without a parameter in its path.
          storableParams((await context.params) ?? {}),
          "not_found",
        ) as Parsed<P>,
        query: parse(options.query, queryOf(request), "bad_request") as Parsed<Q>,
        body: parse(options.body, value, "bad_request") as Parsed<B>,
        bodyText: text,
        requestId,
      });
      if (result instanceof Response) {
        if (!result.headers.has("x-request-id")) result.headers.set("x-request-id", requestId);
        if (!result.headers.has("cache-control")) result.headers.set("cache-control", "no-store");
        return result;
      }
      return Response.json(result, {
        headers: { "Cache-Control": "no-store", "X-Request-Id": requestId },
      });
    } catch (error) {
      return errorResponse(error, requestId, request);
    }
  };
  const route = async (...args: Parameters<typeof answer>): Promise<Response> => {
    const response = await answer(...args);
    // A busy client's kept-alive connection would hold back a stopping server for ever.
    if (stopSignal().aborted) response.headers.set("Connection", "close");
    return response;
  };
  const description: RouteDescription = options;
  return Object.assign(route, { description });
}

/** Authenticates a request and checks its scope; cookie-borne writes must be same-origin. */
export async function authorise(request: Request, scope: ApiKeyScope): Promise<Principal> {
  const principal = await authenticate(request);
  if (principal.kind === "job_token") {
    if (scope === "ingest") return principal;
    throw new AppError("forbidden", "A job token is good for its job's ingest only.");
  }
  if (principal.kind === "session" && !["GET", "HEAD"].includes(request.method)) {
    requireSameOrigin(request);
  }
  if (!principal.scopes.has(scope)) {
    throw new AppError("forbidden", `This API key lacks the scope “${scope}”.`, {
      details: { scope },
    });
  }
  return principal;
}

async function bodyOf(request: Request, options: RouteOptions<Schema, Schema, Schema>) {
  if (!options.body) return { value: undefined, text: "" };
  return readJson(request, { orEmpty: options.optionalBody ?? false });
}

function storableParams(params: Record<string, string | string[]>) {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(storableText) : storableText(value),
    ]),
  );
}

function queryOf(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url);
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name).map(storableText);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}

function parse(schema: Schema, value: unknown, code: "bad_request" | "not_found"): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // A path that cannot name anything is the same as one that names nothing.
  if (code === "not_found") throw new AppError("not_found", "There is no such job.");
  const issues = result.error.issues.slice(0, 20).map((issue) => ({
    path: issue.path.join("."),
    message: issue.message,
  }));
  const first = issues[0];
  throw new AppError(
    "bad_request",
    first ? `${first.path || "The body"}: ${first.message}` : "The request is not valid.",
    { details: { issues } },
  );
}
