import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { JobManager } from "../jobs/job-manager.ts";
import { HttpError } from "./errors.ts";
import { handleRequest, type Reply } from "./routes.ts";

const BODY_BYTES = 1024 * 1024;

/** The backend's HTTP server; every request needs the bearer token. */
export function createBackendServer(jobs: JobManager, token: string): Server {
  const expected = digest(token);
  return createServer((request, response) => {
    respond(jobs, expected, request)
      .catch((error: unknown) => errorReply(error))
      .then(({ status, body }) => send(response, status, body))
      .catch((error: unknown) => console.error(error));
  });
}

async function respond(
  jobs: JobManager,
  expected: Buffer,
  request: IncomingMessage,
): Promise<Reply> {
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  if (!timingSafeEqual(digest(given), expected)) {
    throw new HttpError(401, "unauthorized", "bearer token missing or wrong");
  }
  const url = new URL(request.url ?? "/", "http://backend");
  const method = request.method ?? "GET";
  const body = method === "POST" ? await readJson(request) : null;
  return handleRequest(jobs, { method, url, body });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > BODY_BYTES) throw new HttpError(413, "too_large", "the body exceeds 1 MiB");
    chunks.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new HttpError(400, "bad_request", "the body is not JSON");
  }
}

function errorReply(error: unknown): Reply {
  const request_id = randomUUID();
  if (error instanceof HttpError) {
    const { status, code, message, details } = error;
    return {
      status,
      body: { error: { code, message, request_id, ...(details ? { details } : {}) } },
    };
  }
  // The text of an unexpected error is only logged; the caller gets the request id.
  console.error(request_id, error);
  return {
    status: 500,
    body: { error: { code: "internal", message: "internal error", request_id } },
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(text);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
