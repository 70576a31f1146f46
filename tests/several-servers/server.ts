import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeToNodeResponse } from "next/dist/server/pipe-readable";
import { startJobMonitor } from "../../lib/server/jobs/monitor-jobs.ts";
import { loadRoutes, matchRoute, type Route } from "../api/router.ts";

/** Serves the routes and begins the background work, as `instrumentation-node.ts` does. */
export async function startServer(): Promise<string> {
  startJobMonitor();
  const routes = await loadRoutes();
  const http = createServer((request, response) => {
    answer(routes, request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

async function answer(
  routes: Route[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url: path = "/", headers } = incoming;
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(path, `http://${headers.host}`);
  const { handler, params } = matchRoute(routes, method, url.pathname);
  const request = new Request(url, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]),
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    signal: gone.signal,
  });
  const reply = await handler(request, { params: Promise.resolve(params) });
  response.writeHead(reply.status, Object.fromEntries(reply.headers));
  if (reply.body) await pipeToNodeResponse(reply.body, response);
  else response.end();
}
