import { describe, expect, it } from "vitest";
import { LossDetection } from "./loss-detection.ts";

const hour = 3_600_000;

/** A database whose clock can be set, with a run whose trainer sends a heartbeat every ten seconds. */
function setup() {
  const time = { monotonic: 0, setBy: 0 };
  const databaseNow = () => Date.parse("2026-11-21T12:00:00Z") + time.monotonic + time.setBy;
  const run = { heartbeatAt: databaseNow(), silent: false, lost: false };
  const detection = new LossDetection({
    lostAfterMs: 60_000,
    now: () => time.monotonic,
    reap: async (expected) => {
      const at = databaseNow();
      if (run.heartbeatAt > at + 10_000) run.heartbeatAt = at;
      const trusted = Math.abs(at - expected.getTime()) < 10_000;
      if (trusted && run.heartbeatAt < at - 60_000) run.lost = true;
      return { now: new Date(at).toISOString() };
    },
  });
  const wait = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      time.monotonic += 1_000;
      if (!run.silent && second % 10 === 9) run.heartbeatAt = databaseNow();
      if (second % 5 === 0) await detection.run();
    }
  };
  return { time, run, wait };
}

describe("the search for lost runs", () => {
  it("finds a run that has been silent for a minute", async () => {
    const { run, wait } = setup();
    await wait(120);
    expect(run.lost).toBe(false);
    run.silent = true;
    await wait(50);
    expect(run.lost).toBe(false);
    await wait(20);
    expect(run.lost).toBe(true);
  });

  it("waits a minute after its start, when no heartbeat could have arrived before", async () => {
    const { run, wait } = setup();
    run.heartbeatAt -= hour;
    run.silent = true;
    await wait(55);
    expect(run.lost).toBe(false);
    await wait(15);
    expect(run.lost).toBe(true);
  });

  it.each([-5, 5])(
    "loses no run when the clock is set by %i hours, and goes on finding",
    async (hours) => {
      const { time, run, wait } = setup();
      await wait(120);
      time.setBy = hours * hour;
      await wait(120);
      expect(run.lost).toBe(false);
      run.silent = true;
      await wait(70);
      expect(run.lost).toBe(true);
    },
  );

  it("finds a run that falls silent in the moment in which the clock is set back", async () => {
    const { time, run, wait } = setup();
    await wait(120);
    time.setBy = -5 * hour;
    run.silent = true;
    await wait(140);
    expect(run.lost).toBe(true);
  });
});
