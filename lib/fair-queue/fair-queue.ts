import { AsyncLocalStorage } from "node:async_hooks";
import { Histogram } from "./histogram.ts";

/** For whom work is done; `bulk` lets other users' small work go first. */
export interface Turn {
  user: string;
  bulk?: boolean;
}

/** More work is waiting than is done in reasonable time. Nothing was begun. */
export class QueueFull extends Error {}

interface Limits {
  /** How much work runs at once, in all and of one user. */
  slots: number;
  slotsEach: number;
  /** How much may wait, in all and of one user. */
  waiting: number;
  waitingEach: number;
  waitMs: number;
}

interface Entry {
  bulk: boolean;
  since: number;
  begin(): Promise<void>;
  refuse(): void;
}

interface User {
  /** Milliseconds of work, counted from that of whoever has had the least. */
  used: number;
  running: number;
  small: Entry[];
  bulk: Entry[];
  /** Small work since the last bulk work. */
  smallInARow: number;
}

/** A user's bulk work counts as if they had used this much more. */
const bulkHandicapMs = 250;
/** One long read must not make the same user's next small work wait for as long. */
const maxDebtMs = 250;
/** So many times a user's small work precedes their own bulk work. */
const maxSmallInARow = 8;

const defaults: Limits = {
  slots: 1,
  slotsEach: 1,
  waiting: 2_000,
  waitingEach: 500,
  waitMs: 30_000,
};

/**
 * Runs work in turns that are fair by time: next is the user who has had the least. Whoever comes
 * after a while begins where the others are, so that waiting saves up no claim. Between turns the
 * process handles its other events.
 */
export class FairQueue {
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #users = new Map<string, User>();
  readonly #waits = { small: new Histogram(), bulk: new Histogram() };
  readonly #held = new Histogram();
  #clock = 0;
  #running = 0;
  #waiting = 0;
  #refused = 0;
  #scheduled = false;

  /** @param now milliseconds of a clock that nobody can set */
  constructor(limits: Partial<Limits> = {}, now = () => performance.now()) {
    this.#limits = { ...defaults, ...limits };
    this.#now = now;
  }

  /** How much work is running or waiting. */
  get load(): number {
    return this.#running + this.#waiting;
  }

  /** Milliseconds waited and worked since the start, and what is waiting now. */
  stats() {
    return {
      running: this.#running,
      waiting: this.#waiting,
      users: [...this.#users.values()].filter((user) => user.running + queued(user) > 0).length,
      refused: this.#refused,
      wait_ms: { small: this.#waits.small.read(), bulk: this.#waits.bulk.read() },
      held_ms: this.#held.read(),
    };
  }

  /**
   * Resolves or rejects as `work` does.
   * @throws QueueFull
   */
  run<T>(work: () => Promise<T>, { user: name, bulk = false }: Turn): Promise<T> {
    const user = this.#userOf(name);
    if (this.#waiting >= this.#limits.waiting || queued(user) >= this.#limits.waitingEach) {
      this.#refused += 1;
      return Promise.reject(new QueueFull("Too much work is waiting"));
    }
    return new Promise<T>((resolve, reject) => {
      // Another caller's turn may begin it: what is bound to this caller's context stays bound to it.
      const begin = AsyncLocalStorage.bind(async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      });
      const refuse = () => reject(new QueueFull("Waited for too long"));
      user[bulk ? "bulk" : "small"].push({ bulk, since: this.#now(), begin, refuse });
      this.#waiting += 1;
      this.#schedule();
    });
  }

  #userOf(name: string): User {
    const known = this.#users.get(name);
    if (known) {
      if (known.running + queued(known) === 0) {
        known.used = Math.min(Math.max(known.used, this.#clock), this.#clock + maxDebtMs);
      }
      return known;
    }
    if (this.#users.size > 1000) this.#forgetIdle();
    const user = { used: this.#clock, running: 0, small: [], bulk: [], smallInARow: 0 };
    this.#users.set(name, user);
    return user;
  }

  #forgetIdle(): void {
    for (const [name, user] of this.#users) {
      if (user.running + queued(user) === 0 && user.used <= this.#clock) this.#users.delete(name);
    }
  }

  #fill(): void {
    while (this.#running < this.#limits.slots) {
      const user = this.#next();
      if (!user) return;
      const entry = takeFrom(user);
      if (!entry) return;
      this.#waiting -= 1;
      const waited = this.#now() - entry.since;
      if (waited > this.#limits.waitMs) {
        this.#refused += 1;
        entry.refuse();
      } else {
        this.#waits[entry.bulk ? "bulk" : "small"].add(waited);
        this.#start(user, entry);
      }
    }
  }

  #start(user: User, entry: Entry): void {
    const startedAt = this.#now();
    this.#running += 1;
    user.running += 1;
    this.#clock = Math.max(this.#clock, user.used);
    void entry.begin().then(() => {
      const took = this.#now() - startedAt;
      this.#held.add(took);
      user.used += took;
      user.running -= 1;
      this.#running -= 1;
      if (this.load === 0) this.#clock = Math.max(this.#clock, user.used);
      this.#schedule();
    });
  }

  /**
   * Starts what waits once the process has accepted connections and read requests. Work that begins
   * as its request is read would run before the others that came with it are known.
   */
  #schedule(): void {
    if (this.#scheduled || this.#waiting === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#fill();
    });
  }

  #next(): User | undefined {
    let best: User | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const user of this.#users.values()) {
      if (queued(user) === 0 || user.running >= this.#limits.slotsEach) continue;
      const counted = user.used + (user.small.length > 0 ? 0 : bulkHandicapMs);
      if (counted < least) [best, least] = [user, counted];
    }
    return best;
  }
}

function queued({ small, bulk }: User): number {
  return small.length + bulk.length;
}

function takeFrom(user: User): Entry | undefined {
  const bulkIsDue = user.bulk.length > 0 && user.smallInARow >= maxSmallInARow;
  const entry = (bulkIsDue ? undefined : user.small.shift()) ?? user.bulk.shift();
  user.smallInARow = entry?.bulk ? 0 : user.smallInARow + 1;
  return entry;
}
