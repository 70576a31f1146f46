import { randomUUID } from "node:crypto";
import { ingestLimits } from "@signalbox/protocol/data/ingest";
import type { ApiKeyScope } from "@signalbox/protocol/data/read";
import type { ErrorCode } from "@signalbox/protocol/wire/error";
import type { z } from "zod";
import { authenticate, hasProgramCredential, unauthorized } from "./auth/authenticate";
import type { Principal, UserPrincipal } from "./auth/principal";
import { requireSameOrigin } from "./auth/same-origin";
import { requireDiskSpace } from "./disk-space";
import { errorResponse } from "./error-response";
import { AppError } from "./errors";
import { asUser } from "./fairness/acting-user";
import { handleInTurn } from "./fairness/queues";
import { hasLargeBody, requireIngest } from "./ingest/require-ingest";
import { countRequest } from "./limits/traffic";
import { parse, parseBody } from "./parse-input";
import { readJson, storableText } from "./request-body";
import { measureIngestBody, measureRequest } from "./service-metrics/measure-request";
import { stopSignal } from "./stopping";

/** For routes that anybody may call: a form has no more. */
const publicBodyBytes = 8 * 1024;

/** The largest body that a route takes, after decompression. */
export function maxBodyBytesOf({
  scope,
  maxBodyBytes,
}: Pick<RouteDescription, "scope" | "maxBodyBytes">): number {
  return maxBodyBytes ?? (scope === "public" ? publicBodyBytes : ingestLimits.bodyBytes);
}

type Schema = z.ZodType | undefined;
type Parsed<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

/** The documentation of a route in the API description; a test requires it. */
interface RouteDocs<B extends Schema> {
  /** What it does, in one line. */
  summary?: string;
  /** Anything else a caller should know. */
  details?: string;
  /** The reply: a schema for 200, or one per status. */
  reply?: z.ZodType | { [status in 200 | 201 | 202 | 503]?: z.ZodType };
  /** The media type of a plain-text reply instead. */
  text?: string;
  /** The frames of an event stream instead. */
  frames?: z.ZodType;
  /** Answers 204 instead of a stream that would bring nothing more. */
  mayEnd?: true;
  /** A valid body. */
  example?: B extends z.ZodType ? z.input<B> : never;
  /** Detects a repeated request by the header `Idempotency-Key`. */
  idempotent?: true;
  /** An ingest route that is for users only. */
  usersOnly?: true;
  /** Stores what can come again later: refused while the disk is full. */
  needsDiskSpace?: true;
  /** Takes tokens and API keys only, for it changes what it reads: no browser's session. */
  programsOnly?: true;
  /** Errors of its own, besides those that follow from its scope, path and body. */
  errors?: readonly ErrorCode[];
}

interface RouteOptions<P extends Schema, Q extends Schema, B extends Schema> extends RouteDocs<B> {
  /**
   * The scope that the caller needs. `ingest` also accepts job tokens; `public` anybody, with writes
   * from this dashboard's pages only; the others are for users only.
   */
  scope: ApiKeyScope | "public";
  params?: P;
  query?: Q;
  body?: B;
  /** The largest body, if not that of all routes of its scope. */
  maxBodyBytes?: number;
  /** The body may be absent, which counts as `{}`. */
  optionalBody?: boolean;
}

/** A route's options, from which the API description is made. */
export type RouteDescription = Omit<RouteOptions<Schema, Schema, Schema>, "example"> & {
  scope: ApiKeyScope | "public";
  example?: unknown;
};

interface RouteInput<
  Caller extends Principal | null,
  P extends Schema,
  Q extends Schema,
  B extends Schema,
> {
  request: Request;
  principal: Caller;
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  /** The raw body, to detect a repeated batch. */
  bodyText: string;
  requestId: string;
}

type PrincipalFor<S> = S extends "public" ? null : S extends "ingest" ? Principal : UserPrincipal;

/**
 * A route: authenticates, checks the scope, parses, then runs the handler. The handler's value is
 * sent as JSON unless it is a Response. Every failure has the contract's error shape. The options
 * stay on the handler as `description`, from which the API description is made.
 */
export function apiRoute<
  const S extends ApiKeyScope | "public",
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
>(
  options: RouteOptions<P, Q, B> & { scope: S },
  handler: (input: RouteInput<PrincipalFor<S>, P, Q, B>) => Promise<unknown>,
) {
  const answerTo = async (
    request: Request,
    context: { params: Promise<Record<string, string | string[]> | undefined> },
    principal: Principal | null,
    requestId: string,
  ): Promise<Response> => {
    // Next passes none to a route without a parameter in its path.
    const path = storableParams((await context.params) ?? {});
    const params = parse(options.params, path, "not_found") as Parsed<P>;
    await authoriseBody(request, options, principal, params);
    if (options.needsDiskSpace) await requireDiskSpace();
    const { value, text } = await bodyOf(request, options);
    if (options.scope === "ingest" && options.body) measureIngestBody(request, text);
    const result = await handler({
      request,
      principal: principal as PrincipalFor<S>,
      params,
      query: parse(options.query, queryOf(request), "bad_request") as Parsed<Q>,
      body: (await parseBody(options.body, value, text)) as Parsed<B>,
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
  };
  const respond = async (
    request: Request,
    context: { params: Promise<Record<string, string | string[]> | undefined> },
  ): Promise<Response> => {
    const requestId = `req_${randomUUID().replaceAll("-", "").slice(0, 20)}`;
    try {
      const principal = await callerOf(request, options);
      const answer = () => answerTo(request, context, principal, requestId);
      if (!principal) return await answer();
      const { userId } = principal;
      return await asUser(userId, () => handleInTurn(request, userId, answer));
    } catch (error) {
      return errorResponse(error, requestId, request);
    }
  };
  const route = async (...args: Parameters<typeof respond>): Promise<Response> => {
    const startedAt = performance.now();
    const response = await respond(...args);
    const seconds = (performance.now() - startedAt) / 1000;
    measureRequest(options, args[0], response.status, seconds);
    // A busy client's keep-alive connection would keep a stopping server from exiting.
    if (stopSignal().aborted) response.headers.set("Connection", "close");
    return response;
  };
  const description: RouteDescription = options;
  return Object.assign(route, { description });
}

/** Refuses whom the route is not for, before any of the body is read. */
async function callerOf(
  request: Request,
  { scope, programsOnly }: RouteDescription,
): Promise<Principal | null> {
  if (scope !== "public") {
    if (programsOnly && !hasProgramCredential(request)) throw unauthorized();
    return authorise(request, scope);
  }
  // Public writes set or drop a browser's session.
  if (!isRead(request)) requireSameOrigin(request);
  return null;
}

/** A large body is read only for a job that takes it. */
async function authoriseBody(
  request: Request,
  { scope, body }: RouteDescription,
  principal: Principal | null,
  params: unknown,
): Promise<void> {
  if (scope !== "ingest" || !body || !principal || !hasLargeBody(request)) return;
  if (typeof params !== "object" || params === null || !("id" in params)) return;
  await requireIngest(principal, String(params.id));
}

function isRead({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

/** Authenticates a request and checks its scope; writes with a cookie must be same-origin. */
async function authorise(request: Request, scope: ApiKeyScope): Promise<Principal> {
  const principal = await authenticate(request);
  countRequest(principal.userId);
  if (principal.kind === "job_token") {
    if (scope === "ingest") return principal;
    throw new AppError(
      "forbidden",
      "A job token is only valid for the ingest and command routes of its own job.",
    );
  }
  if (principal.kind === "session" && !isRead(request)) requireSameOrigin(request);
  if (!principal.scopes.has(scope)) {
    throw new AppError("forbidden", `This API key does not have the scope “${scope}”.`, {
      details: { scope },
    });
  }
  return principal;
}

async function bodyOf(request: Request, options: RouteOptions<Schema, Schema, Schema>) {
  if (!options.body) return { value: undefined, text: "" };
  return readJson(request, {
    orEmpty: options.optionalBody ?? false,
    maxBytes: maxBodyBytesOf(options),
  });
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
