import type { ErrorCode } from "@signalbox/protocol/error";
import { errorStatus } from "@signalbox/protocol/error";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "./database.types";
import { env } from "./env";
import { AppError } from "./errors";
import { processSingleton } from "./process-singleton";

/** The service-role client. It bypasses row-level security, so callers check ownership. */
export function serverSupabase(): SupabaseClient<Database> {
  return processSingleton("supabase", () =>
    createClient<Database>(env().SUPABASE_URL, env().SUPABASE_SECRET_KEY, {
      auth: { persistSession: false, autoRefreshToken: false },
    }),
  );
}

type Functions = Database["public"]["Functions"];

/**
 * Calls a SQL function. An error that it returns as `{error: {code, message, details}}` is thrown as
 * that AppError; a database that is not responding is `backend_unavailable`.
 */
export async function callRpc<Name extends keyof Functions & string>(
  name: Name,
  args: { [Key in keyof Functions[Name]["Args"]]: unknown },
): Promise<unknown> {
  const { data, error, status } = await serverSupabase().rpc(name, args as never);
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
  return data;
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
