import { type ErrorCode, errorStatus } from "@signalbox/protocol/wire/error";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "../database.types";
import { AppError } from "../errors";
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
export const callRpc: CallRpc = (name, args) => rpcWith(serverSupabase())(name, args);

/** The same with any service-role client. */
export function rpcWith(client: SupabaseClient<Database>): CallRpc {
  return async (name, args) => {
    // supabase-js checks against the generated arguments, which do not allow null.
    const { data, error, status } = await client.rpc(name, args as never);
    if (error) {
      // 502 to 504 come from a proxy in front of the database, or an API that cannot reach it.
      if (status === 0 || (status >= 502 && status <= 504)) {
        throw new AppError("backend_unavailable", "The database is not responding.", {
          cause: error,
        });
      }
      throw new Error(`rpc ${name}: ${error.message} (${error.code})`, { cause: error });
    }
    const problem = problemOf(data);
    if (problem) throw problem;
    return parseReply(name, data);
  };
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
