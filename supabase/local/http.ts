import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { BackupEndpoint } from "./backup/serve-backup.ts";
import type { Handler } from "./handler.ts";
import type { Log } from "./log.ts";

const host = "127.0.0.1";
const maxBodyBytes = 32 * 1024 * 1024;
const servedPrefixes = ["/rest/v1", "/auth/v1", "/queue/v1"];

/**
 * Serves REST, Auth, the queue's figures and backups by `handle`, `GET /health` in the database's turn, and
 * `GET /live` at once.
 */
export function createHttpServer(
  handle: Handler,
  ready: () => Promise<unknown>,
  log: Log,
  backup: BackupEndpoint | null = null,
): Server {
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    respond(request, response, { handle, ready, backup }).catch((error: unknown) => {
      if (request.destroyed || response.headersSent) return response.destroy();
      log(`${request.method} ${request.url}: ${String(error)}`);
      sendJson(response, 500, { message: "Internal error" });
    });
  });
  return server;
}

/** Listens on the loopback address and returns the port. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  {
    handle,
    ready,
    backup,
  }: { handle: Handler; ready: () => Promise<unknown>; backup: BackupEndpoint | null },
): Promise<void> {
  const url = new URL(incoming.url ?? "/", `http://${host}`);
  if (url.pathname === "/live") return sendJson(outgoing, 200, { status: "ok" });
  if (url.pathname === "/health") {
    await ready();
    return sendJson(outgoing, 200, { status: "ok" });
  }
  if (url.pathname === "/signalbox/backup" && backup) return backup(incoming, outgoing);
  if (!servedPrefixes.some((prefix) => url.pathname.startsWith(`${prefix}/`))) {
    return sendJson(outgoing, 404, { message: "Not found" });
  }
  // Read the body first: a slow client must not hold the only database connection.
  const body = await readBody(incoming);
  if (body === "too large") {
    outgoing.setHeader("Connection", "close");
    return sendJson(outgoing, 413, { message: `The body is larger than ${maxBodyBytes} bytes` });
  }
  const response = await handle(
    new Request(url, {
      method: incoming.method ?? "GET",
      headers: headersOf(incoming),
      ...(body && { body }),
    }),
  );
  const content = response.body ? Buffer.from(await response.arrayBuffer()) : undefined;
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== "set-cookie") outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader("Set-Cookie", cookies);
  if (content) outgoing.setHeader("Content-Length", content.byteLength);
  outgoing.end(content);
}

function readBody(
  incoming: IncomingMessage,
): Promise<Buffer<ArrayBuffer> | undefined | "too large"> {
  const declared = Number(incoming.headers["content-length"] ?? 0);
  if (declared > maxBodyBytes) return Promise.resolve("too large");
  if (incoming.method === "GET" || incoming.method === "HEAD") return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes > maxBodyBytes) return resolve("too large");
      chunks.push(chunk);
    });
    incoming.on("end", () => resolve(bytes > 0 ? Buffer.concat(chunks) : undefined));
    incoming.on("error", reject);
    incoming.on("close", () => reject(new Error("the client disconnected")));
  });
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (name === "connection" || name === "expect" || name === "transfer-encoding") continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) headers.append(name, one);
    }
  }
  return headers;
}

function sendJson(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { "Content-Type": "application/json" });
  outgoing.end(JSON.stringify(body));
}
