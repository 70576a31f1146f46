/**
 * Runs a step again and again while this process lives, the next time only after it has settled. Each
 * step has its own timer, so that one that fails or hangs never stops the others.
 */
export function repeat(name: string, intervalMs: number, step: () => Promise<unknown>): void {
  let busy = false;
  const tick = async () => {
    if (busy) return;
    busy = true;
    try {
      await step();
    } catch (error) {
      console.warn(`${name} failed and will be retried:`, error);
    } finally {
      busy = false;
    }
  };
  setInterval(tick, intervalMs).unref();
}

/** Runs a step for each item; throws the first failure once all have had their turn. */
export async function forEach<T>(
  items: readonly T[],
  step: (item: T) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) await step(item).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
