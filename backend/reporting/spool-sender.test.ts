import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Batch } from "./batches.ts";
import { listSegments, type SpoolItem, SpoolWriter, segmentPath } from "./spool.ts";
import { type Delivery, SpoolSender } from "./spool-sender.ts";

let folder: string;
let senders: SpoolSender[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-spool-"));
  mkdirSync(folder, { recursive: true });
  senders = [];
});
afterEach(async () => {
  await Promise.all(senders.map((s) => s.stop()));
  rmSync(folder, { recursive: true });
});

const metric = (step: number): SpoolItem => ({
  t: "metrics",
  points: [{ name: "train/loss", step, value: 1 / (step + 1) }],
});
const status = (name: string): SpoolItem => ({ t: "status", body: { status: name } });

function write(items: SpoolItem[], segment = 1) {
  const writer = new SpoolWriter(segmentPath(folder, segment));
  for (const item of items) writer.append(item);
  writer.close();
}

function sender(answer: (batch: Batch, call: number) => Delivery | null) {
  const received: Batch[] = [];
  const waits: number[] = [];
  const warnings: string[] = [];
  const made = new SpoolSender({
    folder,
    deliver: async (batch, signal) => {
      received.push(batch);
      const delivery = answer(batch, received.length);
      if (delivery) return delivery;
      // The dashboard never answers, as if this process were killed during the request.
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return { outcome: "retry", reason: "aborted" };
    },
    warn: (message) => warnings.push(message),
    sleep: async (ms) => {
      waits.push(ms);
    },
    now: () => 0,
    random: () => 0.5,
  });
  senders.push(made);
  made.start();
  return { sender: made, received, waits, warnings };
}

const stored: Delivery = { outcome: "stored" };
const steps = (batches: Batch[]) =>
  batches.flatMap((b) => (b.kind === "metrics" ? b.points.map((p) => p.step) : [b.kind]));

describe("the spool", () => {
  it("sends everything in order, grouped, and state changes after all that precedes them", async () => {
    write([metric(1), metric(2), status("running"), metric(3), status("succeeded")]);
    const { sender: s, received } = sender(() => stored);
    await s.drained();
    expect(steps(received)).toEqual([1, 2, "status", 3, "status"]);
    expect(new Set(received.map((b) => b.id)).size).toBe(received.length);
  });

  it("sends what is appended later, and nothing twice", async () => {
    write([metric(1)]);
    const { sender: s, received } = sender(() => stored);
    await s.drained();
    write([metric(2)]);
    s.wake();
    await s.drained();
    expect(steps(received)).toEqual([1, 2]);
  });

  it("resends with the same id and content what was not acknowledged before a crash", async () => {
    write([metric(1), metric(2)]);
    const crashed = sender(() => null);
    await expect.poll(() => crashed.received.length).toBe(1);
    await crashed.sender.stop();
    write([metric(3)]);
    const restarted = sender(() => stored);
    await restarted.sender.drained();
    expect(restarted.received[0]).toEqual(crashed.received[0]);
    expect(steps(restarted.received)).toEqual([1, 2, 3]);
  });

  it("survives a truncated last line and unreadable lines", async () => {
    write([metric(1)]);
    appendFileSync(segmentPath(folder, 1), '{"t":"mystery"}\n');
    write([metric(2)]);
    appendFileSync(segmentPath(folder, 1), Buffer.from([0x7b, 0x22, 0xe2, 0x82]));
    write([metric(3)], 2);
    const { sender: s, received } = sender(() => stored);
    await s.drained();
    expect(steps(received)).toEqual([1, 2, 3]);
    expect(listSegments(folder)).toEqual([2]);
  });

  it("retries while the dashboard is unreachable, with backoff and Retry-After", async () => {
    write([metric(1), metric(2)]);
    const answers: Delivery[] = [
      { outcome: "retry", reason: "refused" },
      { outcome: "retry", reason: "429", afterMs: 7000 },
      { outcome: "retry", reason: "503" },
    ];
    const { sender: s, received, waits, warnings } = sender((_, n) => answers[n - 1] ?? stored);
    await s.drained();
    expect(waits).toEqual([125, 7000, 500]);
    expect(new Set(received.map((b) => b.id)).size).toBe(1);
    expect(received).toHaveLength(4);
    expect(warnings).toHaveLength(1);
  });

  it("skips what the dashboard refuses, with a warning", async () => {
    write([metric(1), status("running"), metric(2)]);
    const {
      sender: s,
      received,
      warnings,
    } = sender((b) => (b.kind === "status" ? { outcome: "refused", reason: "409" } : stored));
    await s.drained();
    expect(steps(received)).toEqual([1, "status", 2]);
    expect(warnings).toHaveLength(1);
  });

  it("keeps what exceeds a limit of the owner until there is room, saying so once", async () => {
    write([metric(1), status("running"), metric(2)]);
    const full: Delivery = { outcome: "full", reason: "You have reached the limit." };
    let asked = 0;
    const { sender: s, received, waits, warnings } = sender(() => (asked++ < 3 ? full : stored));
    await s.drained();
    expect(waits.filter((ms) => ms === 30_000)).toHaveLength(3);
    expect(new Set(received.slice(0, 4).map(({ id }) => id)).size).toBe(1);
    expect(steps(received.slice(3))).toEqual([1, "status", 2]);
    expect(warnings).toEqual([expect.stringContaining("You have reached the limit.")]);
    expect(s.full).toBe(false);
  });

  it("suspends sending when the token is rejected, until there is a new one", async () => {
    write([metric(1), metric(2)]);
    let token = "old";
    const { sender: s, received } = sender(() =>
      token === "old" ? { outcome: "unauthorized" } : stored,
    );
    await expect.poll(() => s.blocked).toBe(true);
    expect(received).toHaveLength(1);
    token = "new";
    s.unblock();
    await s.drained();
    expect(received[1]).toEqual(received[0]);
    expect(received).toHaveLength(2);
  });
});
