import { RealtimeClient } from "@supabase/supabase-js";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type HostedSupabase, startHostedSupabase } from "../start.ts";
import { proLimits } from "./faults.ts";

const patiently = { timeout: 20_000 };
const day = 24 * 3600 * 1000;
const clients: RealtimeClient[] = [];
let supabase: HostedSupabase;

beforeAll(async () => {
  supabase = await startHostedSupabase();
});
afterEach(async () => {
  Object.assign(supabase.realtime.limits, proLimits());
  for (const client of clients.splice(0)) await client.disconnect();
});
afterAll(() => supabase.close());

function clientWith(apikey = supabase.secretKey): RealtimeClient {
  const url = `${supabase.url.replace("http", "ws")}/realtime/v1`;
  const client = new RealtimeClient(url, { params: { apikey } });
  clients.push(client);
  return client;
}

async function join(client: RealtimeClient, topic: string, isPrivate = true) {
  const heard: unknown[] = [];
  const statuses: string[] = [];
  const channel = client.channel(topic, { config: { private: isPrivate } });
  channel.on("broadcast", { event: "*" }, ({ payload }) => heard.push(payload));
  const reason = await new Promise<string | undefined>((resolve) => {
    channel.subscribe((status, error) => {
      statuses.push(status);
      resolve(error?.message);
    });
  });
  return { heard, statuses, reason };
}

const send = (topic: string, n: number) =>
  supabase.sql("select realtime.send(jsonb_build_object('n', $2::int), 'change', $1, true)", [
    topic,
    n,
  ]);
const numbers = (heard: unknown[]) => heard.map((payload) => (payload as { n: number }).n);

it("delivers what a transaction sent once it has committed, and nothing of one rolled back", async () => {
  const { heard } = await join(clientWith(), "job:1");
  const session = supabase.connect();
  const sendHere = (n: number) =>
    session.sql(`select realtime.send('{"n": ${n}}', 'change', 'job:1', true)`);
  await session.sql("begin");
  await sendHere(1);
  await session.sql("rollback");
  await session.sql("begin");
  await sendHere(2);
  expect(heard).toEqual([]);
  await session.sql("commit");
  await expect.poll(() => numbers(heard), patiently).toEqual([2]);
});

it("lets the policies of realtime.messages decide who may join a private channel", async () => {
  const { reason } = await join(clientWith(supabase.publishableKey), "job:1");
  expect(reason).toContain("You do not have permissions to read from this Channel topic: job:1");
  const open = await join(clientWith(supabase.publishableKey), "job:1", false);
  const service = await join(clientWith(), "job:1");
  await send("job:1", 1);
  await expect.poll(() => numbers(service.heard), patiently).toEqual([1]);
  expect(open.heard).toEqual([]);
});

it("closes a channel that has only a key after 24 hours, and refuses it on the same socket", async () => {
  const client = clientWith();
  const { statuses } = await join(client, "job:1");
  supabase.realtime.forward(day - 60_000);
  expect(statuses).toEqual(["SUBSCRIBED"]);
  supabase.realtime.forward(61_000);
  await expect.poll(() => statuses, patiently).toEqual(["SUBSCRIBED", "CLOSED"]);
  const again = await join(client, "job:2");
  expect(again.reason).toContain("InvalidJWTToken: Token has expired");
  expect((await join(clientWith(), "job:1")).statuses).toEqual(["SUBSCRIBED"]);
});

it("refuses the channel after the hundredth of a connection", async () => {
  const client = clientWith();
  for (let n = 0; n < 100; n += 1) {
    expect((await join(client, `job:${n}`)).statuses).toEqual(["SUBSCRIBED"]);
  }
  const { reason } = await join(client, "job:100");
  expect(reason).toBe("ChannelRateLimitReached: Too many channels");
});

it("drops messages over the quota, and closes the channels that should have had them", async () => {
  const { statuses } = await join(clientWith(), "job:1");
  supabase.realtime.limits.messagesPerSecond = 4;
  const before = supabase.realtime.counts.delivered;
  for (let n = 0; n < 5; n += 1) await send("job:1", n);
  await expect.poll(() => statuses, patiently).toEqual(["SUBSCRIBED", "CLOSED"]);
  expect(supabase.realtime.counts.delivered - before).toBeLessThan(5);
});

it("loses a message without a word to its sender when its partition is missing", async () => {
  const { heard } = await join(clientWith(), "job:1");
  await supabase.realtime.dropPartitions();
  await send("job:1", 1);
  expect((await join(clientWith(), "job:2")).reason).toContain("permissions");
  await supabase.realtime.makePartitions();
  await send("job:1", 2);
  await expect.poll(() => numbers(heard), patiently).toEqual([2]);
});
