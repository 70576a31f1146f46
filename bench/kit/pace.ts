import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds of the machine's monotonic clock, the same in every process of this machine. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Calls `send` for 1, 2 … `count` on a fixed beat, whether or not earlier ones have been answered,
 * so that a slow answer does not hide itself by slowing the beat. Waits for all of them.
 */
export async function onBeat(
  count: number,
  everyMs: number,
  send: (index: number) => Promise<void>,
): Promise<void> {
  const startedAt = machineMs();
  const sent: Promise<void>[] = [];
  for (let index = 1; index <= count; index += 1) {
    const wait = startedAt + (index - 1) * everyMs - machineMs();
    if (wait > 0) await sleep(wait);
    sent.push(send(index));
  }
  await Promise.all(sent);
}

/** Polls until `done` returns true; rejects with `what` after `timeoutMs`. */
export async function until(
  what: string,
  timeoutMs: number,
  done: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = machineMs() + timeoutMs;
  while (!(await done())) {
    if (machineMs() > deadline) throw new Error(`Timed out waiting for: ${what}`);
    await sleep(50);
  }
}
