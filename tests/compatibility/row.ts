import type { Dashboard } from "./dashboard.ts";

/** One call of a client, and what this dashboard makes of it. */
export interface Row {
  /** As the client's documentation calls it. */
  method: string;
  /** The requests behind it: `POST /api/training/local/jobs`. */
  request: string;
  /** Sends what the client sends, reads what it reads, and throws where the answer is of no use to it. */
  check?: (dashboard: Dashboard) => Promise<void>;
  /** What of it does not work; the check holds the rest. */
  partly?: string;
  /** Why it does not work at all; then there is no check, and the route does not exist. */
  not?: string;
}

export interface Client {
  name: string;
  version: string;
  /** How it is pointed at this dashboard. */
  setup: string;
  /** A script of `packages/` that runs rows with the package itself: those it registers. */
  script?: string;
  rows: Row[];
}
