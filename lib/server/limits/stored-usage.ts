import type { RpcReply } from "../rpc/rpc-replies";
import { SharedReads } from "../shared-reads";
import type { OwnLimit } from "./limits";

/** What is counted in the database. */
export type StoredLimit = Exclude<keyof RpcReply<"read_usage"> & OwnLimit, "samples">;
export type Amounts = { [Limit in StoredLimit]?: number };
type Counted = RpcReply<"read_usage">;

interface Entry {
  counted: Counted;
  /** Since when this is counted, in monotonic milliseconds. */
  at: number;
  /** Stored by this process since. */
  added: Map<StoredLimit, number>;
  reading: Promise<void> | null;
}

interface StoredUsageOptions {
  read: (userId: string) => Promise<Counted>;
  now?: () => number;
  log?: (message: string, error: unknown) => void;
}

const staleMs = 10_000;
const maxUsers = 10_000;

/**
 * What users store, read from the database at most every 10 s for each; what this process has stored
 * since is added. Only the first request of a user, and one that would be refused, waits for a read.
 */
export class StoredUsage {
  readonly #options: Required<StoredUsageOptions>;
  readonly #users = new Map<string, Entry>();
  readonly #reads = new SharedReads<Counted>();

  constructor(options: StoredUsageOptions) {
    this.#options = { now: () => performance.now(), log: () => {}, ...options };
  }

  /** The counts as they are in the database now. */
  fresh(userId: string): Promise<Counted> {
    return this.#reads.read(userId, () => this.#read(userId));
  }

  async #read(userId: string): Promise<Counted> {
    const counted = await this.#options.read(userId);
    this.#users.delete(userId);
    this.#users.set(userId, { counted, at: this.#options.now(), added: new Map(), reading: null });
    if (this.#users.size > maxUsers) {
      const [oldest] = this.#users.keys();
      if (oldest !== undefined) this.#users.delete(oldest);
    }
    return counted;
  }

  /**
   * The first of `amounts` for which a user has no room, with what is used of it; null where there is
   * room for all. Nothing is counted yet, see {@link add}.
   */
  async lacking(
    userId: string,
    amounts: Amounts,
    maximumOf: (limit: StoredLimit) => number,
  ): Promise<{ limit: StoredLimit; used: number } | null> {
    if (entriesOf(amounts).length === 0) return null;
    if (!this.#users.has(userId)) await this.fresh(userId);
    this.#refresh(userId);
    const lacking = () => {
      for (const [limit, amount] of entriesOf(amounts)) {
        const used = this.#used(userId, limit);
        if (amount > 0 && used + amount > maximumOf(limit)) return { limit, used };
      }
      return null;
    };
    if (lacking() === null) return null;
    // Something may have been deleted, or a batch counted twice.
    await this.fresh(userId);
    return lacking();
  }

  /** Counts what was stored, until it is read from the database. */
  add(userId: string, amounts: Amounts): void {
    const added = this.#users.get(userId)?.added;
    for (const [limit, amount] of entriesOf(amounts)) {
      added?.set(limit, (added.get(limit) ?? 0) + amount);
    }
  }

  #used(userId: string, limit: StoredLimit): number {
    const entry = this.#users.get(userId);
    return (entry?.counted[limit] ?? 0) + (entry?.added.get(limit) ?? 0);
  }

  /** Reads an old count again, while requests go on with the old one. */
  #refresh(userId: string): void {
    const entry = this.#users.get(userId);
    if (!entry || entry.reading) return;
    if (!entry.counted.more && this.#options.now() - entry.at < staleMs) return;
    entry.reading = this.fresh(userId).then(
      () => {},
      (error: unknown) => {
        entry.at = this.#options.now();
        entry.reading = null;
        this.#options.log("Usage could not be read", error);
      },
    );
  }
}

/** The entries of a plain object of ours, whose keys are the limits. */
function entriesOf(amounts: Amounts): [StoredLimit, number][] {
  return Object.entries(amounts) as [StoredLimit, number][];
}
