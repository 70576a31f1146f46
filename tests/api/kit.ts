import type { ApiKeyScope } from "@signalbox/protocol/data/read";
import { errorReplySchema, errorStatus } from "@signalbox/protocol/wire/error";
import { expect } from "vitest";
import type { z } from "zod";
import { derivedSecret } from "../../scripts/start/secret.ts";
import {
  type Engine,
  startTestSupabase,
  type TestSupabase,
  type TestUser,
} from "../../supabase/local/testing.ts";
import { expectDocumentedReply } from "./documented-reply.ts";
import { type RecordingBackend, startRecordingBackend } from "./recording-backend.ts";
import { loadRoutes, matchRoute, type Route } from "./router.ts";

interface Credentials {
  /** `X-API-Key` */
  key?: string;
  /** `Authorization: Bearer` */
  bearer?: string;
  cookie?: string;
}

export interface CallOptions extends Credentials {
  json?: unknown;
  /** Sent as it is, instead of `json`. */
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed JSON, or the text where it is none. */
  body: unknown;
  as<T extends z.ZodType>(schema: T): z.output<T>;
}

export interface AttachedJob {
  id: string;
  token: string;
}

export interface TestApi {
  supabase: TestSupabase;
  backend: RecordingBackend;
  routes: Route[];
  /** Sends a request to the route of the path, and reads the reply. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** The same without reading: for streams. */
  send(method: string, path: string, options?: CallOptions): Promise<Response>;
  signUp(name: string): Promise<TestUser>;
  makeKey(user: TestUser, scopes?: ApiKeyScope[]): Promise<string>;
  /** Attaches a job, `running` by default. */
  attach(user: TestUser, id: string, fields?: Record<string, unknown>): Promise<AttachedJob>;
  /** Trains on another backend from now on. */
  useBackend(url: string, token: string): void;
  close(): Promise<void>;
}

const allScopes: ApiKeyScope[] = ["read", "ingest", "control", "admin"];
const origin = "http://127.0.0.1:3000";

/**
 * The dashboard's routes on an empty Supabase, or on that of a data folder, with a training backend
 * that only records requests.
 */
export async function startApi({
  engine = "postgres",
  dataDir,
}: {
  engine?: Engine;
  dataDir?: string;
} = {}) {
  const [supabase, backend] = await Promise.all([
    startTestSupabase({ engine, dataDir }),
    startRecordingBackend(),
  ]);
  Object.assign(process.env, {
    SUPABASE_URL: supabase.url,
    SUPABASE_PUBLISHABLE_KEY: supabase.publishableKey,
    SUPABASE_SECRET_KEY: supabase.secretKey,
    SIGNALBOX_SECRET: dataDir ? derivedSecret(supabase.secretKey) : "a secret of the tests alone",
    TRAINING_BACKEND_URL: backend.url,
    TRAINING_BACKEND_TOKEN: backend.token,
    SIGNALBOX_URL: origin,
  });
  singletons().clear();
  const routes = await loadRoutes();

  const routeOf = (method: string, path: string) =>
    matchRoute(routes, method, new URL(path, origin).pathname);
  const send: TestApi["send"] = (method, path, options = {}) => {
    const { handler, params } = routeOf(method, path);
    return handler(requestOf(method, path, options), { params: Promise.resolve(params) });
  };
  const call: TestApi["call"] = async (method, path, options) => {
    const response = await send(method, path, options);
    const text = await response.text();
    const body = parseOrText(text);
    const { status, headers } = response;
    expectDocumentedReply(routeOf(method, path).handler, `${method} ${path}`, {
      status,
      headers,
      body,
    });
    return { status, headers, text, body, as: (schema) => schema.parse(body) };
  };
  const api: TestApi = {
    supabase,
    backend,
    routes,
    send,
    call,
    signUp: (name) => supabase.signUp(`${name}@example.com`),
    makeKey: async (user, scopes = allScopes) => {
      const reply = await call("POST", "/api/settings/api-keys", {
        bearer: user.accessToken,
        json: { name: scopes.join(" "), scopes },
      });
      return (reply.body as { secret: string }).secret;
    },
    attach: async (user, id, fields = {}) => {
      const reply = await call("POST", "/api/training/local/jobs", {
        bearer: user.accessToken,
        json: { job_id: id, ...fields },
      });
      expect(reply).toMatchObject({ status: 200, body: { job_id: id } });
      return { id, token: (reply.body as { job_token: string }).job_token };
    },
    useBackend: (url, token) => {
      Object.assign(process.env, { TRAINING_BACKEND_URL: url, TRAINING_BACKEND_TOKEN: token });
      singletons().delete("env");
    },
    close: async () => {
      const { closeStreams } = await import("../../lib/server/realtime/hub.ts");
      const { realtime } = await import("../../lib/server/realtime/source/notifier.ts");
      closeStreams();
      realtime().close();
      singletons().clear();
      await Promise.all([supabase.close(), backend.close()]);
    },
  };
  return api;
}

/** The server's process-wide values; clearing them simulates a new process. */
function singletons(): Map<string, unknown> {
  const key = Symbol.for("signalbox.singletons");
  const host = globalThis as { [key]?: Map<string, unknown> };
  host[key] ??= new Map();
  return host[key];
}

function requestOf(method: string, path: string, options: CallOptions): Request {
  const headers = new Headers(options.headers);
  if (options.key !== undefined) headers.set("x-api-key", options.key);
  if (options.bearer !== undefined) headers.set("authorization", `Bearer ${options.bearer}`);
  if (options.cookie !== undefined) headers.set("cookie", options.cookie);
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  if (typeof body === "string" && !headers.has("content-length")) {
    headers.set("content-length", String(Buffer.byteLength(body)));
  }
  return new Request(new URL(path, origin), {
    method,
    headers,
    ...(body === undefined ? {} : { body, duplex: "half" }),
    ...(options.signal && { signal: options.signal }),
  } as RequestInit);
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Asserts that a reply is an error in the contract's shape, and not an internal one. */
export function expectRefusal(reply: Reply, status?: number): void {
  const { error } = errorReplySchema.strict().parse(reply.body);
  expect(Object.entries(errorStatus)).toContainEqual([error.code, reply.status]);
  expect(reply.status, reply.text).not.toBe(500);
  expect(error.message.length).toBeGreaterThan(0);
  expect(reply.headers.get("content-type")).toBe("application/json");
  expect(reply.headers.get("x-request-id")).toBe(error.request_id);
  if (status !== undefined) expect(reply.status, reply.text).toBe(status);
}

/** A reply without request ids, for comparing the replies for two objects. */
export function comparable(reply: Reply) {
  const headers = Object.fromEntries(
    [...reply.headers].filter(([name]) => name !== "x-request-id" && name !== "date"),
  );
  const id = reply.headers.get("x-request-id");
  return { status: reply.status, headers, text: id ? reply.text.replaceAll(id, "…") : reply.text };
}
