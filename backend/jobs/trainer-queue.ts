/** A job that waits for a process of its own. `order`: of its arrival. */
export interface Waiting {
  owner: string | null;
  order: number;
}

export interface TrainerLimits {
  /** Trainers that run at once, of all owners. */
  maximum: number;
  /** And of one. */
  maximumPerUser: number;
}

/** How many trainers each owner runs, and when each last started one (a count of starts). */
export interface Owners {
  running: ReadonlyMap<string | null, number>;
  lastStarted: ReadonlyMap<string | null, number>;
}

/**
 * The waiting jobs in the order in which they start: owners take turns, those with the fewest running
 * trainers first, and each owner's jobs keep their order.
 */
export function queueOrder<Job extends Waiting>(waiting: readonly Job[], owners: Owners): Job[] {
  const ahead = new Map<string | null, number>();
  return [...waiting]
    .sort((a, b) => a.order - b.order)
    .map((job) => {
      const before = ahead.get(job.owner) ?? 0;
      ahead.set(job.owner, before + 1);
      const turn = (owners.running.get(job.owner) ?? 0) + before;
      // A later turn of this queue is as recent as any.
      const last = before > 0 ? Infinity : (owners.lastStarted.get(job.owner) ?? 0);
      return { job, turn, last };
    })
    .sort((a, b) => a.turn - b.turn || compare(a.last, b.last) || a.job.order - b.job.order)
    .map(({ job }) => job);
}

function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The job to start now, if there is room for one. */
export function nextToStart<Job extends Waiting>(
  waiting: readonly Job[],
  owners: Owners,
  { maximum, maximumPerUser }: TrainerLimits,
): Job | null {
  const running = [...owners.running.values()].reduce((sum, count) => sum + count, 0);
  if (running >= maximum) return null;
  const hasRoom = ({ owner }: Job) => (owners.running.get(owner) ?? 0) < maximumPerUser;
  return queueOrder(waiting, owners).find(hasRoom) ?? null;
}
