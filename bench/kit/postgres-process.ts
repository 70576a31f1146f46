import { startTestSupabase } from "../../supabase/local/testing.ts";

/** A Supabase on a real PostgreSQL in a temporary folder, until its parent goes or disconnects. */
const supabase = await startTestSupabase({ engine: "postgres" });
const { accessToken } = await supabase.signUp("bench@signalbox.local");
const { url, publishableKey, secretKey } = supabase;
process.on("disconnect", () => void supabase.close().finally(() => process.exit()));
process.send?.({ url, publishableKey, secretKey, accessToken } satisfies PostgresSupabase);

export interface PostgresSupabase {
  url: string;
  publishableKey: string;
  secretKey: string;
  accessToken: string;
}
