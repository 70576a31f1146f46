import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { streamHub } from "../../lib/server/realtime/hub.ts";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";
import { type ServedApi, serveOverHttp } from "./web-over-http.ts";

describe("a viewer that stops reading", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;
  let web: ServedApi;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
    web = await serveOverHttp(api);
  });
  afterAll(async () => {
    web.close();
    await api.close();
  });

  /** Opens a stream, and reads only its beginning. */
  async function openUnread(id: string): Promise<{ client: Socket; closed: Promise<unknown> }> {
    const client = connect(web.port, "127.0.0.1").on("error", () => {});
    client.write(
      `GET /api/training/jobs/${id}/stream HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\n\r\n`,
    );
    await once(client, "data");
    client.pause();
    const socket = web.accepted.at(-1);
    if (!socket) throw new Error("no connection");
    return { client, closed: once(socket, "close") };
  }

  async function flood(id: string, until: () => boolean): Promise<void> {
    const lines = Array.from({ length: 20 }, () => ({ stream: "stdout", text: "x".repeat(1e5) }));
    for (let batch = 0; batch < 30 && !until(); batch += 1) {
      const reply = await act.post(`/api/training/local/${id}/logs`, { lines });
      expect(reply.status, reply.text).toBe(200);
    }
  }

  it("loses its connection within a second of being cut off, and the system keeps nothing", async () => {
    const id = await act.attach();
    const { client, closed } = await openUnread(id);
    const cut = () => streamHub().stats().viewers === 0;
    await flood(id, cut);
    await expect.poll(cut, { timeout: 5_000 }).toBe(true);
    const cutAt = performance.now();
    await closed;
    expect(performance.now() - cutAt).toBeLessThan(1_000);
    expect(kernelSockets(web.port, client.localPort)).toEqual([]);
    client.destroy();
  });
});

/** The server's side of a connection as Linux lists it: state, and bytes that it keeps for the client. */
function kernelSockets(serverPort: number, clientPort: number | undefined): string[] {
  if (!existsSync("/proc/net/tcp") || clientPort === undefined) return [];
  const hex = (port: number) => `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .filter((line) => {
      const [, local = "", remote = ""] = line.trim().split(/\s+/);
      return local.endsWith(hex(serverPort)) && remote.endsWith(hex(clientPort));
    });
}
