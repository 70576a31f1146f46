import { ZodError } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { AppError, jobNotFound } from "../errors";
import { streamHub } from "./hub.ts";
import { streamCredential } from "./stream-credential.ts";
import { parseStreamFilter, type StreamFilter } from "./stream-filter.ts";
import { HubClosedError } from "./stream-hub.ts";

/** Where the client stands: `Last-Event-ID`, which is newer than the `?after=` of its first request. */
function cursorOf(request: Request): string | null {
  const after = new URL(request.url).searchParams.get("after");
  return request.headers.get("last-event-id") || after || null;
}

function filterOf(request: Request, fixed: Record<string, string>): StreamFilter {
  const params = new URLSearchParams(new URL(request.url).searchParams);
  for (const [name, value] of Object.entries(fixed)) params.set(name, value);
  try {
    return parseStreamFilter(params);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const issues = error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    const first = issues[0];
    throw new AppError("bad_request", `${first?.path}: ${first?.message}`, {
      details: { issues: issues.slice(0, 20) },
    });
  }
}

/**
 * Answers with the live stream of one job; `fixed` filters win over the query's.
 * @throws AppError bad_request, not_found, backend_unavailable: all before the stream begins
 */
export async function jobStreamResponse(
  request: Request,
  principal: UserPrincipal,
  jobId: string,
  fixed: Record<string, string> = {},
): Promise<Response> {
  const filter = filterOf(request, fixed);
  const credential = streamCredential(principal);
  const { userId } = principal;
  const { signal } = request;
  const stream = await opening(
    streamHub().openJob({ userId, jobId, cursor: cursorOf(request), filter, credential, signal }),
  );
  if (!stream) throw jobNotFound();
  return eventStream(stream);
}

/** Answers with the live stream of all the user's jobs. */
export async function jobsStreamResponse(
  request: Request,
  principal: UserPrincipal,
): Promise<Response> {
  const credential = streamCredential(principal);
  const { userId } = principal;
  return eventStream(
    await opening(streamHub().openList({ userId, credential, signal: request.signal })),
  );
}

async function opening<T>(stream: Promise<T>): Promise<T> {
  try {
    return await stream;
  } catch (error) {
    if (!(error instanceof HubClosedError)) throw error;
    throw new AppError("backend_unavailable", "The server is restarting.", {
      headers: { "Retry-After": "1" },
    });
  }
}

function eventStream(stream: ReadableStream<Uint8Array>): Response {
  return new Response(stream, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-cache, no-transform",
      "X-Accel-Buffering": "no",
      // Closed with its stream: an idle connection would hold back a stopping server.
      Connection: "close",
    },
  });
}
