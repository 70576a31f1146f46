import type { Connection } from "@supabase/lite";
import type { FairQueue, Turn } from "../../../lib/fair-queue/fair-queue.ts";
import type { ArchiveMember } from "../backup/archive.ts";

export type Row = Record<string, unknown>;

/** Runs one statement and returns its rows; `$1`, `$2` … stand for `params`. */
export type Query = <T extends Row = Row>(
  text: string,
  params?: readonly unknown[],
) => Promise<T[]>;

/** A transaction runs single statements with parameters, or scripts without. */
interface Transaction {
  query: Query;
  script(text: string): Promise<void>;
}

/** The turn of what nobody in particular asks for. */
export const serviceTurn: Turn = { user: "service" };

/** The interface of the embedded Supabase to PostgreSQL, for both engines. */
export interface Database {
  readonly engine: "pglite" | "postgres";
  /** The connection that the REST and Auth server uses. */
  readonly connection: Connection;
  /** Runs one statement outside any other caller's transaction. */
  query: Query;
  /** Commits the changes of `work`, or rolls them back if it throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, turn?: Turn): Promise<T>;
  /** Waits for a turn of the caller's; blocks other callers if the engine has only one connection. */
  inTurn<T>(work: () => Promise<T>, turn: Turn): Promise<T>;
  /** What waits for the only connection, and how long it waited; null if there are several. */
  stats(): ReturnType<FairQueue["stats"]> | null;
  /** Calls `onMessage` with the payload of every committed NOTIFY on `channel`. */
  listen(channel: string, onMessage: (payload: string) => void): Promise<void>;
  /** The files of the database in use, for an archive; from them it opens with what was committed. */
  files(): AsyncIterable<ArchiveMember>;
  /** True while callers are using or waiting for the database. */
  busy(): boolean;
  /** True if transactions were lost that had been committed: the log was cut since. */
  lostTail(): boolean;
  /** The loss has been dealt with. */
  forgetLoss(): void;
  /** Does what PostgreSQL's background processes do elsewhere; for a quiet moment. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

/** One connection of its own: for a backup, and for tests that hold a transaction open beside others. */
export type Session = { sql: Query; close(): Promise<void> };
