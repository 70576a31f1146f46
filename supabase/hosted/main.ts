// Runs a Supabase in the shape of a hosted project until its stdin closes, and prints one line of JSON:
// the settings with which a program uses it.
import { once } from "node:events";
import { startHostedSupabase } from "./start.ts";

const supabase = await startHostedSupabase();
const settings = {
  SUPABASE_URL: supabase.url,
  SUPABASE_PUBLISHABLE_KEY: supabase.publishableKey,
  SUPABASE_SECRET_KEY: supabase.secretKey,
  SUPABASE_DB_URL: supabase.databaseUrl,
};
process.stdout.write(`${JSON.stringify(settings)}\n`);
await once(process.stdin.resume(), "end");
await supabase.close();
