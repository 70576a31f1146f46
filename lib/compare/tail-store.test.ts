import type { RunTail } from "@signalbox/protocol/compare";
import { describe, expect, test, vi } from "vitest";
import { TailStore } from "./tail-store.ts";

describe("TailStore", () => {
  const reply = (next: number): { runs: RunTail[] } => ({
    runs: [
      {
        job_id: "a",
        generation: "g",
        last_seq: next,
        next_seq: next,
        series: { loss: [[next, 1, next, 1000 * next, null]] },
      },
    ],
  });

  function store() {
    const timers: (() => void)[] = [];
    let seq = 10;
    const read = vi.fn(async () => {
      seq += 1;
      return reply(seq);
    });
    const tails = new TailStore({
      read,
      setTimeout: (run) => timers.push(run),
      clearTimeout: () => timers.splice(0),
    });
    const settle = async () => {
      timers.shift()?.();
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    };
    return { tails, read, timers, settle };
  }

  test("asks nothing until a run moves, and then from where its tail begins", async () => {
    const { tails, read, timers, settle } = store();
    tails.note("a", 10);
    expect(timers).toHaveLength(0);
    tails.note("a", 11);
    await settle();
    expect(read).toHaveBeenCalledWith(new Map([["a", 10]]));
    expect(tails.tail("a", "loss")).toEqual({
      steps: [11],
      values: [1],
      seqs: [11],
      times: [11_000],
      epochs: [Number.NaN],
    });
  });

  test("waits between two requests, however often a run moves, and stops when closed", async () => {
    const { tails, read, timers, settle } = store();
    tails.note("a", 10);
    tails.note("a", 11);
    await settle();
    tails.note("a", 12);
    tails.note("a", 13);
    expect(read).toHaveBeenCalledTimes(1);
    expect(timers).toHaveLength(1);
    tails.close();
    expect(timers).toHaveLength(0);
    tails.note("a", 14);
    expect(timers).toHaveLength(0);
  });
});
