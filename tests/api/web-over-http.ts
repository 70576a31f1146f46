import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { NodeNextRequest, NodeNextResponse } from "next/dist/server/base-http/node";
import { sendResponse } from "next/dist/server/send-response";
import { createWebServer } from "../../web/web-server.ts";
import type { TestApi } from "./kit.ts";

/** The web server with the dashboard's routes, whose replies Next writes, on a free port. */
export async function serveOverHttp(api: TestApi) {
  const server = createWebServer({
    handle: async (request, response) => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const reply = await api.send(request.method ?? "GET", request.url ?? "/", { headers });
      await sendResponse(new NodeNextRequest(request), new NodeNextResponse(response), reply);
    },
    routes: [],
    isAllowedHost: () => true,
    dev: false,
  });
  const accepted: Socket[] = [];
  server.on("connection", (socket: Socket) => accepted.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    /** The server's side of every connection so far. */
    accepted,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type ServedApi = Awaited<ReturnType<typeof serveOverHttp>>;
