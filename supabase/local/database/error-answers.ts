import type { Connection } from "@supabase/lite";

/** SQLSTATE codes and classes for which lite responds like PostgREST. */
const knownToLite = /^(PGRST|PT.*|42...|22...|21...|23502|23503|23505|25006|53...|55...)$/;

/** HTTP status by SQLSTATE, as PostgREST's documentation lists it; anything else is 400. */
const statusByPrefix: ReadonlyArray<[prefix: string, status: number]> = [
  ["0L", 403],
  ["0P", 403],
  ["08", 503],
  ["09", 500],
  ["25", 500],
  ["28", 403],
  ["2D", 500],
  ["38", 500],
  ["39", 500],
  ["3B", 500],
  ["40", 500],
  ["54", 500],
  ["57", 500],
  ["58", 500],
  ["F0", 500],
  ["HV", 500],
  ["P0001", 400],
  ["P0", 500],
  ["XX", 500],
];

/**
 * lite reports an error with an unknown code, such as one raised by a function, as `SUP` with status
 * 500. This converts it to a form that lite passes through, so that callers get PostgREST's reply.
 */
export function passErrorsThrough(connection: Connection): void {
  const original = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (error) => {
    const normal = original(error);
    if (!isDatabaseError(normal) || knownToLite.test(normal.code)) return normal;
    const { code, message, detail, hint } = normal;
    const status = statusByPrefix.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 400;
    return {
      code: "PGRST",
      message: JSON.stringify({ code, message, details: detail ?? null, hint: hint ?? null }),
      detail: JSON.stringify({ status, headers: {} }),
    };
  };
}

type DatabaseError = { code: string; message: string; detail?: string; hint?: string };

function isDatabaseError(error: unknown): error is DatabaseError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    /^[0-9A-Z]{5}$/.test(error.code)
  );
}
