import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestApi } from "../api/kit.ts";
import { matchRoute } from "../api/router.ts";

export interface ServedApi {
  url: string;
  http: Server;
  close(): Promise<void>;
}

/** The dashboard's routes behind a socket, which can be broken. */
export async function serveApi(api: TestApi): Promise<ServedApi> {
  const http = createServer(async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on("close", () => gone.abort());
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
    const body = Buffer.concat(chunks).toString();
    const { method = "GET", url = "/" } = incoming;
    try {
      if (!isRoute(api, method, url)) {
        outgoing.writeHead(404).end();
        return;
      }
      const response = await api.send(method, url, {
        headers: Object.fromEntries(headers),
        ...(body && { body }),
        signal: gone.signal,
      });
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.flushHeaders();
      for await (const chunk of response.body ?? []) outgoing.write(chunk);
      outgoing.end();
    } catch {
      outgoing.destroy();
    }
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    http,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function isRoute({ routes }: TestApi, method: string, url: string): boolean {
  try {
    matchRoute(routes, method, new URL(url, "http://127.0.0.1").pathname);
    return true;
  } catch {
    return false;
  }
}
