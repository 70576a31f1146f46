import { type ErrorCode, errorStatus } from "@signalbox/protocol/wire/error";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "../database.types";
import { AppError } from "../errors";
import { currentTurn, databaseQueue, orUnavailable } from "../fairness/queues";
import { serviceInstruments } from "../service-metrics/service-instruments";
import { serverSupabase } from "../supabase";
import type { RpcArgs } from "./rpc-args";
import { type FunctionName, type RpcReply, rpcReplies, trustedReplies } from "./rpc-replies";

export type CallRpc = <Name extends FunctionName>(
  name: Name,
  args: RpcArgs<Name>,
) => Promise<RpcReply<Name>>;

/**
 * Calls a SQL function with this server's service-role client, and parses its reply. An error that it
 * returns as `{error: {code, message, details}}` is thrown as that AppError; a database that is not
 * responding is `backend_unavailable`.
 */
export const callRpc: CallRpc = async (name, args) => {
  const { databaseDuration, databaseFailures } = serviceInstruments();
  const startedAt = performance.now();
  try {
    return await rpcWith(serverSupabase())(name, args);
  } catch (error) {
    const code = error instanceof AppError ? error.code : null;
    if (code === "backend_unavailable") databaseFailures.add({ reason: "unavailable" });
    // Any other AppError is the database's answer to a request.
    else if (code === null) databaseFailures.add({ reason: "error" });
    throw error;
  } finally {
    databaseDuration.observe({}, (performance.now() - startedAt) / 1000);
  }
};

/** Nobody waits for these. */
const bulkFunctions: ReadonlySet<FunctionName> = new Set([
  "apply_retention",
  "drop_points",
  "remove_rows",
]);

/** The same with any service-role client. */
export function rpcWith(client: SupabaseClient<Database>): CallRpc {
  return async (name, args) => {
    const turn = currentTurn(bulkFunctions.has(name));
    const { data, error, status } = await orUnavailable(
      databaseQueue().run(async () => {
        // supabase-js checks against the generated arguments, which do not allow null.
        const call = client.rpc(name, args as never).setHeader("X-Signalbox-User", turn.user);
        return turn.bulk ? call.setHeader("X-Signalbox-Bulk", "1") : call;
      }, turn),
    );
    if (error) {
      if (isTransient(error.code)) {
        throw unavailable("The database is too busy for this now. Nothing was changed.", error);
      }
      // 502 to 504 come from a proxy in front of the database, or an API that cannot reach it.
      if (status === 0 || (status >= 502 && status <= 504)) {
        throw unavailable("The database is not responding.", error);
      }
      if (error.code === readOnly) {
        throw unavailable("The database only reads: its disk is full. Nothing was changed.", error);
      }
      throw new Error(`rpc ${name}: ${error.message} (${error.code})`, { cause: error });
    }
    const problem = problemOf(data);
    if (problem) throw problem;
    return parseReply(name, data);
  };
}

/** What Supabase and the embedded database answer to a write while their disk is full. */
const readOnly = "25006";

function unavailable(message: string, cause: unknown): AppError {
  return new AppError("backend_unavailable", message, { cause, headers: { "Retry-After": "1" } });
}

/**
 * Whether the same call may succeed later, by its SQLSTATE: cancelled by a time-out (57014), a lock
 * not obtained in time (55P03), rolled back for another's sake (40…), a lack of resources (53…), a
 * database that restarts (57P…). Its transaction was rolled back.
 */
function isTransient(code: string): boolean {
  return /^(57014|55P03|40001|40P01|53...|57P0[1-4])$/.test(code);
}

/** The cast holds for trusted replies by tests, and for the others because their schema parsed them. */
function parseReply<Name extends FunctionName>(name: Name, data: unknown): RpcReply<Name> {
  const reply = trustedReplies.has(name) ? data : rpcReplies[name].parse(data);
  return reply as RpcReply<Name>;
}

function problemOf(data: unknown): AppError | null {
  if (typeof data !== "object" || data === null || !("error" in data)) return null;
  const { error } = data;
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  const code =
    typeof error.code === "string" && error.code in errorStatus ? error.code : "internal";
  const message = "message" in error ? String(error.message) : "The database rejected the request.";
  return new AppError(code as ErrorCode, message, {
    details: "details" in error ? error.details : undefined,
  });
}
