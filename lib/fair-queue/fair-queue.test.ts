import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { FairQueue, QueueFull } from "./fair-queue.ts";

/** A queue whose work lasts as long as it says, and who had a turn in it. */
function queueWithClock(limits: ConstructorParameters<typeof FairQueue>[0] = {}) {
  let now = 0;
  const queue = new FairQueue(limits, () => now);
  const turns: string[] = [];
  const run = (user: string, ms: number, bulk = false) =>
    queue.run(
      async () => {
        await null;
        turns.push(user);
        now += ms;
      },
      { user, bulk },
    );
  return { queue, turns, run };
}

describe("a fair queue", () => {
  it("gives a turn to whoever has had the least time, not to who asked most", async () => {
    const { turns, run } = queueWithClock();
    const flood = Array.from({ length: 20 }, () => run("b", 4));
    const few = [1, 2, 3].map(() => run("a", 1));
    await Promise.all([...flood, ...few]);
    expect(turns.slice(0, 5)).toEqual(["b", "a", "a", "a", "b"]);
  });

  it("does each one's work in the asynchronous context of its caller", async () => {
    const queue = new FairQueue();
    const caller = new AsyncLocalStorage<string>();
    const users = ["a", "b", "c"];
    const seen = users.map((user) =>
      caller.run(user, () => queue.run(async () => caller.getStore(), { user })),
    );
    expect(await Promise.all(seen)).toEqual(users);
  });

  it("saves up no claim for those who were away", async () => {
    const { turns, run } = queueWithClock();
    await run("a", 1);
    for (let n = 0; n < 10; n += 1) await run("b", 5);
    await Promise.all([run("b", 5), ...Array.from({ length: 6 }, () => run("a", 5)), run("b", 5)]);
    expect(turns.slice(-8).lastIndexOf("b")).toBeLessThan(5);
  });

  it("puts small work before bulk, which still gets its turn", async () => {
    const { turns, run } = queueWithClock();
    const work = [run("x", 1), run("b", 1, true), run("b", 1, true), run("a", 1)];
    await Promise.all(work);
    expect(turns).toEqual(["x", "a", "b", "b"]);

    const queue = new FairQueue();
    const order: string[] = [];
    const note = (what: string) => async () => void order.push(what);
    const turnsOfOne = Array.from({ length: 30 }, () =>
      queue.run(note("small"), { user: "b", bulk: false }),
    );
    await Promise.all([...turnsOfOne, queue.run(note("bulk"), { user: "b", bulk: true })]);
    expect(order.indexOf("bulk")).toBeLessThan(12);
  });

  it("lets the process handle its events between turns", async () => {
    const queue = new FairQueue();
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    const compute = async () => {
      const until = performance.now() + 3;
      while (performance.now() < until) {}
    };
    const done = Array.from({ length: 20 }, () => queue.run(compute, { user: "b" }));
    await Promise.all(done);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  it("never runs more than its slots, nor more of one user than theirs", async () => {
    const queue = new FairQueue({ slots: 3, slotsEach: 2 });
    const running = { a: 0, b: 0 };
    let most = 0;
    const work = (user: "a" | "b") =>
      queue.run(
        async () => {
          running[user] += 1;
          most = Math.max(most, running.a + running.b);
          expect(running[user]).toBeLessThanOrEqual(2);
          await new Promise(setImmediate);
          running[user] -= 1;
        },
        { user },
      );
    await Promise.all(Array.from({ length: 20 }, (_, n) => work(n % 3 ? "b" : "a")));
    expect(most).toBe(3);
  });

  it("refuses what would wait behind too much of the same user's, or for too long", async () => {
    const { queue, turns, run } = queueWithClock({ waitingEach: 3, waitMs: 45 });
    const flood = Array.from({ length: 4 }, () => run("b", 30));
    const other = run("a", 1);
    const settled = await Promise.allSettled(flood);
    await other;
    expect(settled.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "rejected",
    ]);
    for (const result of settled.slice(2)) {
      expect(result).toMatchObject({ reason: expect.any(QueueFull) });
    }
    expect(turns).toEqual(["b", "a", "b"]);
    expect(queue.stats()).toMatchObject({ running: 0, waiting: 0, refused: 2 });
  });

  it("goes on after work that fails, and counts waits", async () => {
    const queue = new FairQueue();
    const failing = queue.run(() => Promise.reject(new Error("no")), { user: "a" });
    const next = queue.run(async () => "done", { user: "a" });
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("done");
    await new Promise(setImmediate);
    const { wait_ms, held_ms } = queue.stats();
    expect(wait_ms.small.count).toBe(2);
    expect(held_ms.buckets.at(-1)).toEqual([30_000, 2]);
  });
});
