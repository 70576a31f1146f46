import { createServer, type Server } from "node:http";
import type { StreamHub } from "../stream-hub.ts";
import { parseStreamFilter } from "./parse-stream-filter.ts";

export interface StreamServer {
  url: string;
  /** Swaps the hub, as a restarted process would. */
  hub: StreamHub;
  /** Breaks every open connection. */
  disconnectAll(): void;
  close(): Promise<void>;
}

/** The stream route alone, over HTTP on 127.0.0.1, for one user. */
export async function startStreamServer(hub: StreamHub, userId: string): Promise<StreamServer> {
  const http: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const disconnected = new AbortController();
    response.on("close", () => disconnected.abort());
    try {
      const stream = await server.hub.openJob({
        userId,
        jobId: url.pathname.split("/").at(-2) ?? "",
        cursor: request.headers["last-event-id"]?.toString() ?? url.searchParams.get("after"),
        filter: parseStreamFilter(url.searchParams),
        credential: { id: "test", check: async () => "valid" },
        signal: disconnected.signal,
      });
      if (!(stream instanceof ReadableStream)) {
        response.writeHead(stream === "ended" ? 204 : 404).end();
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      for await (const chunk of stream) {
        if (!response.write(chunk)) {
          await new Promise((resolve) => {
            response.once("drain", resolve);
            response.once("close", resolve);
          });
        }
      }
      response.end();
    } catch {
      if (response.headersSent) response.destroy();
      else response.writeHead(503).end();
    }
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const server: StreamServer = {
    url: `http://127.0.0.1:${address.port}`,
    hub,
    disconnectAll: () => http.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}
