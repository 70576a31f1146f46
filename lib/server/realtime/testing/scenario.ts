import { type ManualClock, settle } from "@signalbox/protocol/time/testing/manual-clock";
import fc from "fast-check";
import type { Answer } from "./chopped-body.ts";
import type { MemoryDatabase } from "./memory-database.ts";

/** What can happen to a stream; `run` picks one of the runs that it carries. */
export type Step =
  | { kind: "insert"; run: number; rows: number; metrics: boolean }
  | { kind: "wait"; ms: number }
  | { kind: "disconnect"; afterBytes: number }
  | { kind: "restart" }
  | { kind: "delivery"; lost: boolean; doubled: boolean }
  | { kind: "slow"; readMs: number }
  | { kind: "outage"; ms: number }
  | { kind: "flood"; run: number; rows: number }
  | { kind: "pause"; ms: number };

const run = fc.nat({ max: 11 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("insert" as const),
      run,
      rows: fc.integer({ min: 1, max: 40 }),
      metrics: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.integer({ min: 1, max: 4000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("disconnect" as const),
      afterBytes: fc.integer({ min: 0, max: 2000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("delivery" as const),
      lost: fc.boolean(),
      doubled: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("slow" as const),
      readMs: fc.integer({ min: 0, max: 300 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("outage" as const),
      ms: fc.integer({ min: 1, max: 12_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("flood" as const),
      run,
      rows: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("pause" as const),
      ms: fc.integer({ min: 1, max: 90_000 }),
    }),
  },
);

export const scenarios = fc.array(step, { minLength: 1, maxLength: 25 });

/** How the network splits what the server sends. */
export const chunkSizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 700, max: 200_000 })),
  { minLength: 1, maxLength: 8 },
);

/** A viewer that stops reading during a flood, is disconnected, and reconnects. */
const pausedReader: [Step[], number[]] = [
  [
    { kind: "insert", run: 0, rows: 3, metrics: true },
    { kind: "wait", ms: 100 },
    { kind: "pause", ms: 20_000 },
    { kind: "flood", run: 0, rows: 30 },
    { kind: "insert", run: 1, rows: 3, metrics: false },
  ],
  [50_000],
];

/** The same, and its connection breaks before it has noticed the disconnection. */
const brokenWhilePaused: [Step[], number[]] = [
  [...pausedReader[0], { kind: "disconnect", afterBytes: 0 }],
  pausedReader[1],
];

export const examples = [pausedReader, brokenWhilePaused];

export interface Stage {
  clock: ManualClock;
  database: MemoryDatabase;
  /** The keys of the runs. */
  keys: number[];
  /** The newest answer that the server has sent. */
  answer(): Answer | null;
  /** Replaces the hub, as a restarted process would. */
  restart(): void;
}

export async function perform(each: Step, stage: Stage): Promise<void> {
  const { clock, database, keys } = stage;
  const keyOf = (index: number) => keys[index % keys.length] ?? 0;
  switch (each.kind) {
    case "insert":
      database.insert(
        keyOf(each.run),
        Array.from({ length: each.rows }, (_, n) =>
          each.metrics
            ? ["metrics", { loss: [[n, n, clock.now()]] }]
            : ["event", { type: "t", level: n % 2 ? "info" : "error", message: "é€😀", data: {} }],
        ),
      );
      break;
    case "wait":
      await clock.advance(each.ms);
      break;
    case "disconnect":
      stage.answer()?.disconnectAfter(each.afterBytes);
      await settle();
      break;
    case "restart":
      stage.restart();
      break;
    case "delivery":
      database.delivery = () => ({ lost: each.lost, doubled: each.doubled });
      break;
    case "slow":
      database.latency = () =>
        new Promise((resolve) => clock.setTimeout(() => resolve(), each.readMs));
      break;
    case "flood":
      // Rows large enough that a reader who pauses leaves more than a megabyte unread.
      for (let n = 0; n < each.rows; n += 1) {
        database.insert(keyOf(each.run), [
          ["event", { type: "t", level: "error", message: "x".repeat(100_000), data: {} }],
        ]);
        await clock.advance(60);
      }
      break;
    case "pause":
      stage
        .answer()
        ?.pauseUntil(new Promise((resolve) => clock.setTimeout(() => resolve(), each.ms)));
      break;
    case "outage":
      database.down = true;
      await clock.advance(each.ms);
      database.down = false;
      break;
  }
}
