import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { RealtimeClient } from "@supabase/supabase-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { attachRealtime, type RealtimeServer } from "./server.ts";

const keys = { publishableKey: "sb_publishable_test", secretKey: "sb_secret_test" };

let http: Server;
let realtime: RealtimeServer;
let port = 0;
const clients: RealtimeClient[] = [];

async function start(): Promise<void> {
  http = createServer();
  realtime = attachRealtime(http, keys, () => undefined);
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  port = (http.address() as AddressInfo).port;
}

async function stop(): Promise<void> {
  realtime.close();
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
}

beforeEach(start);

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.disconnect()));
  await stop();
  port = 0;
});

function clientWith(apikey: string, vsn: "1.0.0" | "2.0.0" = "2.0.0"): RealtimeClient {
  const client = new RealtimeClient(`ws://127.0.0.1:${port}/realtime/v1`, {
    params: { apikey },
    vsn,
    reconnectAfterMs: () => 20,
  });
  clients.push(client);
  return client;
}

type Heard = { event: string; payload: unknown };

/** Joins a private channel; resolves with what the server answered and collects broadcasts. */
async function join(client: RealtimeClient, topic: string, isPrivate = true) {
  const heard: Heard[] = [];
  const statuses: string[] = [];
  const channel = client.channel(topic, { config: { private: isPrivate } });
  channel.on("broadcast", { event: "*" }, ({ event, payload }) => heard.push({ event, payload }));
  const reason = await new Promise<string | undefined>((resolve) => {
    channel.subscribe((status, error) => {
      statuses.push(status);
      resolve(error?.message);
    });
  });
  return { channel, heard, statuses, reason };
}

function ring(topic: string, payload: object, isPrivate = true): void {
  realtime.broadcast(JSON.stringify({ topic, event: "ring", private: isPrivate, payload }));
}

describe.each(["1.0.0", "2.0.0"] as const)("Realtime for clients of protocol %s", (vsn) => {
  it("delivers what the database sends to the topic that was joined, and nothing else", async () => {
    const one = await join(clientWith(keys.secretKey, vsn), "job:one");
    expect(one.statuses).toEqual(["SUBSCRIBED"]);
    ring("job:two", { seq: 1 });
    ring("job:one", { seq: 2 });
    await expect.poll(() => one.heard).toEqual([{ event: "ring", payload: { seq: 2 } }]);
  });

  it("rejects joins of job and user topics without the secret key", async () => {
    for (const topic of ["job:one", "job:no-such-job", "user:someone", "anything-private"]) {
      const { statuses, reason } = await join(clientWith(keys.publishableKey, vsn), topic);
      expect(statuses).toContain("CHANNEL_ERROR");
      expect(reason).toBe(
        `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`,
      );
    }
  });

  it("refuses broadcasts from clients, the secret key's included", async () => {
    const sender = await join(clientWith(keys.secretKey, vsn), "job:one");
    const listener = await join(clientWith(keys.secretKey, vsn), "job:one");
    sender.channel.send({ type: "broadcast", event: "ring", payload: { forged: true } });
    ring("job:one", { seq: 1 });
    await expect.poll(() => listener.heard).toEqual([{ event: "ring", payload: { seq: 1 } }]);
  });

  it("reports a rejected broadcast to a client that requested an acknowledgement", async () => {
    const client = clientWith(keys.secretKey, vsn);
    const channel = client.channel("job:one", {
      config: { private: true, broadcast: { ack: true } },
    });
    await new Promise((resolve) => channel.subscribe(resolve));
    expect(await channel.send({ type: "broadcast", event: "ring", payload: {} })).toBe("error");
  });

  it("reconnects after a restart of the server", async () => {
    const one = await join(clientWith(keys.secretKey, vsn), "job:one");
    await stop();
    await start();
    await expect
      .poll(() => one.statuses.filter((status) => status === "SUBSCRIBED").length)
      .toBe(2);
    ring("job:one", { seq: 7 });
    await expect.poll(() => one.heard).toEqual([{ event: "ring", payload: { seq: 7 } }]);
  });
});

describe("Realtime", () => {
  it("keeps private and public messages apart, as hosted Supabase does", async () => {
    const open = await join(clientWith(keys.publishableKey), "news", false);
    const closed = await join(clientWith(keys.secretKey), "news", true);
    ring("news", { n: 1 }, true);
    ring("news", { n: 2 }, false);
    await expect.poll(() => closed.heard.map(({ payload }) => payload)).toEqual([{ n: 1 }]);
    await expect.poll(() => open.heard.map(({ payload }) => payload)).toEqual([{ n: 2 }]);
  });

  it("gives a token precedence over the key, and closes a channel whose new token is not authorized", async () => {
    const client = clientWith(keys.secretKey);
    const { channel, heard, statuses } = await join(client, "job:one");
    await client.setAuth("a.user.token");
    await expect.poll(() => statuses).toContain("CLOSED");
    ring("job:one", { seq: 1 });
    await channel.unsubscribe();
    expect(heard).toEqual([]);
  });

  it("refuses presence and postgres_changes with a reason", async () => {
    const presence = clientWith(keys.secretKey).channel("job:one", {
      config: { private: true, presence: { enabled: true } },
    });
    const changes = clientWith(keys.secretKey).channel("job:one");
    changes.on("postgres_changes", { event: "*", schema: "public" }, () => undefined);
    for (const channel of [presence, changes]) {
      const reason = await new Promise((resolve) => {
        channel.subscribe((_, error) => resolve(error?.message));
      });
      expect(reason).toContain("not available on the embedded Supabase");
    }
  });

  it("stops delivering after a channel was left", async () => {
    const client = clientWith(keys.secretKey);
    const left = await join(client, "job:one");
    const stayed = await join(client, "job:two");
    await left.channel.unsubscribe();
    ring("job:one", { seq: 1 });
    ring("job:two", { seq: 2 });
    await expect.poll(() => stayed.heard.length).toBe(1);
    expect(left.heard).toEqual([]);
  });

  it("refuses sockets without a key that it knows", async () => {
    for (const key of ["", "sb_secret_wrong"]) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/realtime/v1/websocket?apikey=${key}`);
      const error = await new Promise<Error>((resolve) => socket.once("error", resolve));
      expect(error.message).toContain("401");
    }
  });

  it("survives frames that are not Phoenix messages", async () => {
    const socket = new WebSocket(
      `ws://127.0.0.1:${port}/realtime/v1/websocket?apikey=${keys.secretKey}&vsn=2.0.0`,
    );
    await new Promise((resolve) => socket.once("open", resolve));
    const frames = [
      "",
      "nonsense",
      "null",
      "{}",
      "[]",
      '["1","1"]',
      '["1","1","realtime:job:one","phx_join",42]',
      '["1","1","realtime:job:one","phx_join",{"config":{"postgres_changes":7}}]',
      '[null,null,"","",{}]',
      Buffer.alloc(0),
      Buffer.from([3]),
      Buffer.from([3, 255, 255, 255, 255, 255, 1]),
      Buffer.from([9, 1, 1, 1]),
    ];
    const answers: unknown[] = [];
    socket.on("message", (data) => answers.push(JSON.parse(String(data))));
    for (const frame of frames) socket.send(frame);
    socket.send('[null,"9","phoenix","heartbeat",{}]');
    await expect
      .poll(() => answers.at(-1))
      .toEqual([null, "9", "phoenix", "phx_reply", { status: "ok", response: {} }]);
    socket.terminate();
  });

  it("disconnects a client that does not read", async () => {
    const socket = new WebSocket(
      `ws://127.0.0.1:${port}/realtime/v1/websocket?apikey=${keys.secretKey}&vsn=2.0.0`,
    );
    await new Promise((resolve) => socket.once("open", resolve));
    socket.send('["1","1","realtime:job:one","phx_join",{"config":{"private":true}}]');
    await new Promise((resolve) => socket.once("message", resolve));
    socket.pause();
    const text = "x".repeat(1024 * 1024);
    for (let sent = 0; sent < 32; sent += 1) {
      ring("job:one", { text });
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.resume();
    const code = await new Promise((resolve) => socket.once("close", resolve));
    expect(code).toBe(1006);
  });
});
