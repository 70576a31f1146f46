import { formatCursor, parseCursor } from "@signalbox/protocol/stream/cursor";
import type { RunsStreamQuery } from "@signalbox/protocol/stream/runs-stream";
import { follows, type JobsStreamQuery, type StreamQuery } from "@signalbox/protocol/stream/stream";
import { connections } from "../../../../web/connection.ts";
import type { UserPrincipal } from "../../auth/principal";
import { AppError, jobNotFound } from "../../errors";
import { loadJob } from "../../jobs/load-job";
import { countOpen } from "../../limits/traffic";
import { acceptedEncoding } from "../encoding/accepted-encoding.ts";
import { streamFilter } from "../frames/stream-filter.ts";
import { streamHub } from "../hub.ts";
import { HubClosedError } from "../stream-hub.ts";
import { streamCredential } from "./stream-credential.ts";

/** The client's cursor: `Last-Event-ID`, which is newer than the `?after=` of its first request. */
function cursorOf(request: Request, query: Pick<StreamQuery, "after">): string | null {
  return request.headers.get("last-event-id") || query.after || null;
}

/** How the client is noticed to have left, how its connection is broken, and what it decodes. */
function clientOf({ signal, headers }: Request) {
  const connection = connections.getStore();
  // Only this web server can name the coding in the reply.
  const encoding = connection ? acceptedEncoding(headers.get("accept-encoding")) : "identity";
  const socket = connection?.socket;
  // A reset: after an ordinary close the system would keep megabytes for a client that reads nothing.
  return { signal, encoding, disconnect: socket && (() => void socket.resetAndDestroy()) };
}

/**
 * Answers with the live stream of one job, or with 204 where nothing more will come.
 * @throws AppError not_found, rate_limited, backend_unavailable: before the stream begins
 */
export async function jobStreamResponse(
  request: Request,
  principal: UserPrincipal,
  jobId: string,
  query: StreamQuery,
): Promise<Response> {
  const filter = streamFilter(query);
  const credential = streamCredential(principal);
  const { userId } = principal;
  const stream = await opening(userId, (onClosed) =>
    streamHub().openJob({
      onClosed,
      userId,
      jobId,
      cursor: cursorOf(request, query),
      filter,
      follow: follows(query),
      credential,
      ...clientOf(request),
    }),
  );
  if (stream === null) throw jobNotFound();
  return stream === "ended" ? noContent() : eventStream(request, stream);
}

/**
 * Answers with a run's events in the learning routes' shape, or with 204 where nothing more will come.
 * A cursor that this run does not know begins at the start.
 * @throws AppError not_found, rate_limited, backend_unavailable: before the stream begins
 */
export async function eventsStreamResponse(
  request: Request,
  principal: UserPrincipal,
  jobId: string,
  since: number,
): Promise<Response> {
  const { job } = await loadJob(principal, jobId);
  const { generation, last_seq } = job;
  const last = request.headers.get("last-event-id");
  const after = last ? parseCursor(last) : { generation, seq: since };
  const known = after?.generation === generation && after.seq <= last_seq;
  const stream = await opening(principal.userId, (onClosed) =>
    streamHub().openJob({
      onClosed,
      userId: principal.userId,
      jobId,
      cursor: formatCursor({ generation, seq: known ? after.seq : 0 }),
      filter: streamFilter({ streams: ["event"] }),
      eventsOnly: true,
      credential: streamCredential(principal),
      ...clientOf(request),
    }),
  );
  if (stream === null) throw jobNotFound();
  return stream === "ended" ? noContent() : eventStream(request, stream);
}

/**
 * Answers with the live stream of several jobs, or with 204 where nothing more will come.
 * @throws AppError not_found, rate_limited, backend_unavailable: before the stream begins
 */
export async function runsStreamResponse(
  request: Request,
  principal: UserPrincipal,
  query: RunsStreamQuery,
): Promise<Response> {
  const stream = await opening(principal.userId, (onClosed) =>
    streamHub().openRuns({
      onClosed,
      userId: principal.userId,
      jobIds: query.runs,
      cursor: cursorOf(request, query),
      filter: streamFilter(query),
      follow: follows(query),
      credential: streamCredential(principal),
      ...clientOf(request),
    }),
  );
  if (stream === null) throw jobNotFound();
  return stream === "ended" ? noContent() : eventStream(request, stream);
}

/** Answers with the live stream of all the user's jobs. */
export async function jobsStreamResponse(
  request: Request,
  principal: UserPrincipal,
  query: JobsStreamQuery,
): Promise<Response> {
  const credential = streamCredential(principal);
  const { userId } = principal;
  const follow = follows(query);
  return eventStream(
    request,
    await opening(userId, (onClosed) =>
      streamHub().openList({ userId, credential, follow, onClosed, ...clientOf(request) }),
    ),
  );
}

/** Opens a stream of a user, which counts until it is closed. */
async function opening<T>(userId: string, open: (onClosed: () => void) => Promise<T>): Promise<T> {
  const closed = countOpen("streams", userId);
  try {
    const stream = await open(closed);
    if (!(stream instanceof ReadableStream)) closed();
    return stream;
  } catch (error) {
    closed();
    if (!(error instanceof HubClosedError)) throw error;
    throw new AppError("backend_unavailable", "The server is restarting.", {
      headers: { "Retry-After": "1" },
    });
  }
}

/** An `EventSource` reconnects after every end but this one. */
function noContent(): Response {
  return new Response(null, { status: 204 });
}

function eventStream({ headers }: Request, stream: ReadableStream<Uint8Array>): Response {
  const connection = connections.getStore();
  const encoding = acceptedEncoding(headers.get("accept-encoding"));
  if (encoding !== "identity") connection?.setContentEncoding(encoding);
  return new Response(stream, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-cache, no-transform",
      "X-Accel-Buffering": "no",
      Vary: "Accept-Encoding",
      // Closed with its stream: an idle connection would hold back a stopping server.
      Connection: "close",
    },
  });
}
