import type { z } from "zod";
import { ApiError, readApiError } from "./errors.ts";

export interface ApiRequest<S extends z.ZodType> {
  /** What the reply must look like; unknown fields pass. */
  schema: S;
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  /** Error statuses whose reply has this schema, too. */
  accept?: readonly number[];
  signal?: AbortSignal | undefined;
  /** Outside the browser: where the server is, and how to reach it. */
  baseUrl?: string;
  fetch?: typeof fetch;
}

type QueryValue = string | number | boolean | readonly string[] | null | undefined;

/** A query string from what is set; a list travels as comma-separated values. */
export function toQuery(params: Record<string, QueryValue>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === null || value === "") continue;
    if (Array.isArray(value)) {
      if (value.length > 0) query.set(name, value.join(","));
    } else {
      query.set(name, String(value));
    }
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}

async function send<S extends z.ZodType>(path: string, request: ApiRequest<S>): Promise<Response> {
  const run = request.fetch ?? fetch;
  const headers: Record<string, string> = { accept: "application/json", ...request.headers };
  if (request.body !== undefined) headers["content-type"] = "application/json";
  try {
    return await run(`${request.baseUrl ?? ""}${path}`, {
      method: request.method ?? "GET",
      headers,
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: request.signal ?? null,
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch (cause) {
    if (cause instanceof Error && cause.name === "AbortError") throw cause;
    throw new ApiError({
      code: "unreachable",
      status: 0,
      message: "Cannot reach Signalbox. Is the server running?",
    });
  }
}

/**
 * Sends a request and returns its parsed reply.
 * Throws `ApiError` for a refusal, an unreachable server (`unreachable`) and a reply of another
 * shape than expected (`unexpected_reply`); an abort passes through as it is.
 */
export async function apiFetch<S extends z.ZodType>(
  path: string,
  request: ApiRequest<S>,
): Promise<z.output<S>> {
  const response = await send(path, request);
  if (!response.ok && !request.accept?.includes(response.status))
    throw await readApiError(response);
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  const parsed = request.schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiError({
    code: "unexpected_reply",
    status: response.status,
    message: "Unexpected reply from the server. Signalbox may have been updated: reload the page.",
    requestId: response.headers.get("x-request-id") ?? undefined,
    details: parsed.error.issues,
  });
}
