import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { attachRealtime, type RealtimeServer } from "../../../../supabase/local/realtime/server.ts";
import { startTokenGateway, type TokenGateway } from "../testing/token-gateway.ts";
import { systemClock } from "./feed.ts";
import { realtimeClient } from "./notifier.ts";
import { RealtimePool } from "./realtime-pool.ts";
import { ReconnectDelay } from "./reconnect-delay.ts";

const keys = { publishableKey: "sb_publishable_test", secretKey: "sb_secret_test" };

let http: Server;
let server: RealtimeServer;
let gateway: TokenGateway;
let pool: RealtimePool;
/** The share of the longest possible delay that is waited; 0 reconnects at once. */
let jitter = 0;
const logged: string[] = [];

beforeEach(async () => {
  http = createServer();
  server = attachRealtime(http, keys, () => {});
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  const { port } = http.address() as AddressInfo;
  gateway = await startTokenGateway({ url: `ws://127.0.0.1:${port}` });
  jitter = 0;
  logged.length = 0;
  pool = new RealtimePool({
    connect: () => realtimeClient(gateway.url, keys.secretKey),
    clock: systemClock,
    random: () => jitter,
    log: (message) => logged.push(message),
  });
});

afterEach(async () => {
  pool.close();
  await gateway.close();
  server.close();
  http.closeAllConnections();
  await new Promise((done) => http.close(done));
});

/** As `realtime.send` of the database. */
function send(topic: string, event: string, last_seq: number): void {
  server.broadcast(JSON.stringify({ topic, event, private: true, payload: { last_seq } }));
}

function subscribe(topic: string) {
  const heard: unknown[] = [];
  const joins: number[] = [];
  const unsubscribe = pool.subscribe(topic, {
    onNotify: (event, { last_seq }) => heard.push([event, last_seq]),
    onJoined: () => joins.push(performance.now()),
  });
  return { heard, joins, unsubscribe };
}

async function joined(...topics: ReturnType<typeof subscribe>[]): Promise<void> {
  for (const topic of topics) await vi.waitFor(() => expect(topic.joins.length).toBeGreaterThan(0));
}

it("hears again after the token of its socket has expired, over a new socket", async () => {
  const [one, two] = [subscribe("user:1"), subscribe("user:2")];
  await joined(one, two);
  gateway.expireTokens();
  await vi.waitFor(() =>
    expect([one.joins, two.joins].map(({ length }) => length)).toEqual([2, 2]),
  );
  send("user:1", "change", 7);
  send("user:2", "revoked", 8);
  await vi.waitFor(() =>
    expect([one.heard, two.heard]).toEqual([[["change", 7]], [["revoked", 8]]]),
  );
  expect(gateway.counts).toEqual({ opened: 2, joins: 4, refused: 0 });
  expect(pool.stats()).toMatchObject({
    opened: 2,
    reconnects: { closed: 1, lost: 0, refused: 0 },
    refusedJoins: 0,
    topics: 2,
    joinedTopics: 2,
  });
  expect(logged).toHaveLength(1);
});

it("opens a new socket for a topic that an expired one refuses, whatever else it holds", async () => {
  const old = subscribe("user:1");
  await joined(old);
  // The token has expired, but Realtime looks at each channel's only every five minutes.
  gateway.refuse = (topic) =>
    gateway.counts.opened === 1 ? `InvalidJWTToken: Token has expired (${topic})` : null;
  const late = subscribe("user:2");
  await joined(late);
  await vi.waitFor(() => expect(old.joins).toHaveLength(2));
  expect(pool.stats()).toMatchObject({ reconnects: { refused: 1 }, refusedJoins: 1 });
});

it("keeps its socket for others while one topic is refused, and joins it later", async () => {
  const one = subscribe("user:1");
  await joined(one);
  gateway.refuse = (topic) => (topic === "user:2" ? "ChannelRateLimitReached" : null);
  const two = subscribe("user:2");
  await vi.waitFor(() => expect(gateway.counts.refused).toBeGreaterThan(0));
  gateway.refuse = () => null;
  await joined(two);
  expect(one.joins).toHaveLength(1);
  expect(gateway.counts.opened).toBe(1);
});

it("comes back after its connection broke", async () => {
  const one = subscribe("user:1");
  await joined(one);
  gateway.disconnectAll();
  await vi.waitFor(() => expect(one.joins).toHaveLength(2));
  expect(pool.stats()).toMatchObject({ reconnects: { lost: 1 } });
});

it("asks ever more rarely while every join is refused", async () => {
  jitter = 0.02;
  gateway.refuse = () => "MissingPartition: Realtime was unable to find the partition";
  const one = subscribe("user:1");
  // 20, 40, 80, 160 ms: the delays double.
  await vi.waitFor(() => expect(gateway.counts.refused).toBeGreaterThanOrEqual(5), 5_000);
  const waited = logged.map((line) => Number(/in ([\d.]+) s/.exec(line)?.[1]));
  expect(waited.slice(0, 5)).toEqual([0, 0, 0.1, 0.2, 0.3]);
  gateway.refuse = () => null;
  await joined(one);
  expect(gateway.counts.opened).toBe(gateway.counts.refused + 1);
});

it("opens a further socket before the channels of one run out", async () => {
  const many = Array.from({ length: 100 }, (_, n) => subscribe(`user:${n}`));
  await joined(...many);
  expect(gateway.counts.opened).toBe(2);
  expect(pool.stats()).toMatchObject({ topics: 100, joinedTopics: 100 });
});

it("joins a topic again that was left a moment ago", async () => {
  const first = subscribe("user:1");
  await joined(first);
  first.unsubscribe();
  const second = subscribe("user:1");
  await joined(second);
  send("user:1", "change", 1);
  await vi.waitFor(() => expect(second.heard).toEqual([["change", 1]]));
  expect(first.heard).toEqual([]);
});

it("waits at most a second at first and thirty ever, and begins anew after a stable connection", () => {
  let now = 0;
  const clock = { ...systemClock, now: () => now };
  const delay = new ReconnectDelay({ clock, random: () => 1 });
  const delays = Array.from({ length: 7 }, () => delay.next());
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  delay.succeeded();
  now += 29_999;
  expect(delay.next()).toBe(30_000);
  delay.succeeded();
  now += 30_000;
  expect(delay.next()).toBe(1_000);
});
