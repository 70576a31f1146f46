import { randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Duplex } from "node:stream";
import { errorStatus } from "@signalbox/protocol/wire/error";
import type { HostCheck } from "./allowed-hosts.ts";
import type { ApiMethods } from "./api-methods.ts";
import { clientAddress } from "./client-address.ts";
import { connections, isForwarded } from "./connection.ts";
import { isApiPath, type Refusal, refusal } from "./refusal.ts";

interface WebServerOptions {
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Takes WebSocket upgrades, which only the development server uses. */
  upgrade?: ((request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>) | undefined;
  routes: ApiMethods;
  isAllowedHost: HostCheck;
  /** How many proxies in front are believed about the client's address. */
  trustedProxies?: number;
  /** Leaves the development server's own paths alone. */
  dev: boolean;
}

/** The HTTP server of a dashboard: refuses what no route can answer, and hands on the rest. */
export function createWebServer(options: WebServerOptions): Server {
  const { handle, upgrade, dev } = options;
  const server = createServer((request, response) => {
    const url = request.url ?? "/";
    const line = { method: request.method ?? "GET", url, host: request.headers.host };
    const refused = dev && isDevPath(url) ? null : refusal(line, options);
    if (refused) {
      refuse(request, response, refused);
      return;
    }
    const forwarded = isForwarded(request.headers, request.httpVersion);
    const address = clientAddress(request, options.trustedProxies ?? 0);
    const connection = {
      socket: request.socket,
      address,
      forwarded,
      setContentEncoding: (coding: string) => void response.setHeader("Content-Encoding", coding),
    };
    connections.run(connection, () => void handle(request, response));
  });
  server.on("clientError", answerUnreadable);
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (upgrade && options.isAllowedHost(request.headers.host)) void upgrade(request, socket, head);
    else socket.destroy();
  });
  return server;
}

function isDevPath(url: string): boolean {
  return url.startsWith("/_next/") || url.startsWith("/__nextjs");
}

function refuse(request: IncomingMessage, response: ServerResponse, refused: Refusal): void {
  const api = isApiPath(request.url ?? "");
  const { body, headers } = refusalText(refused, api);
  // What the client is still sending is not read.
  response.writeHead(errorStatus[refused.code], { ...headers, Connection: "close" });
  response.end(request.method === "HEAD" ? undefined : body);
}

function refusalText({ code, message, headers }: Refusal, api: boolean) {
  const requestId = `req_${randomUUID().replaceAll("-", "").slice(0, 20)}`;
  const body = api
    ? JSON.stringify({ error: { code, message, request_id: requestId } })
    : `${message}\n`;
  return {
    body,
    headers: {
      "Content-Type": api ? "application/json" : "text/plain; charset=utf-8",
      "Content-Length": Buffer.byteLength(body),
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      "X-Request-Id": requestId,
      ...headers,
    },
  };
}

/** Answers what is not HTTP as Node reads it: an unknown method, oversized or broken headers. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
  const { body, headers } = refusalText(
    {
      code: "bad_request",
      message:
        status === 431 ? "The request's headers are too large." : "The request is not valid HTTP.",
    },
    true,
  );
  const lines = Object.entries({ ...headers, Connection: "close" }).map(([k, v]) => `${k}: ${v}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}
