import type { Connection } from "@supabase/lite";

export type Row = Record<string, unknown>;

/** Runs one statement and returns its rows; `$1`, `$2` … stand for `params`. */
export type Query = <T extends Row = Row>(
  text: string,
  params?: readonly unknown[],
) => Promise<T[]>;

/** What a transaction may do: one statement with parameters, or a script of many without. */
export interface Transaction {
  query: Query;
  script(text: string): Promise<void>;
}

/** What the embedded Supabase needs of a PostgreSQL, whichever engine it is. */
export interface Database {
  readonly engine: "pglite" | "postgres";
  /** The connection that the REST and Auth server works on. */
  readonly connection: Connection;
  /** Runs one statement outside any other caller's transaction. */
  query: Query;
  /** Commits what `work` did, or nothing of it where `work` throws. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Keeps other callers away where the engine has one connection only. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Calls `heard` with the payload of every committed NOTIFY on `channel`. */
  listen(channel: string, heard: (payload: string) => void): Promise<void>;
  /** True while callers are using or waiting for the database. */
  busy(): boolean;
  close(): Promise<void>;
}
