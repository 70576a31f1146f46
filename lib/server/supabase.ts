import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "./database.types";
import { env } from "./env";
import { processSingleton } from "./process-singleton";

/** The service-role client. It bypasses row-level security, so callers check ownership. */
export function serverSupabase(): SupabaseClient<Database> {
  return processSingleton("supabase", () =>
    createClient<Database>(env().SUPABASE_URL, env().SUPABASE_SECRET_KEY, {
      auth: { persistSession: false, autoRefreshToken: false },
    }),
  );
}
