import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestApi } from "../api/kit.ts";

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
    try {
      const response = await api.send(incoming.method ?? "GET", incoming.url ?? "/", {
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
