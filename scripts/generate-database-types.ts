// Writes lib/server/database.types.ts from the migrations; with --check, only compares.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import { startEmbeddedSupabase } from "../supabase/local/start.ts";

const target = join(import.meta.dirname, "../lib/server/database.types.ts");
const header = "// Generated from supabase/migrations by `npm run types`. Do not edit.\n\n";

const supabase = await startEmbeddedSupabase({ inMemory: true, port: 0 });
const database = { query: async (sql: string) => ({ rows: await supabase.sql(sql) }) };
const metadata = await introspect(database, { includedSchemas: ["public"] });
await supabase.close();
const types =
  header +
  (await generateTypescript(sortGeneratorMetadata(metadata), { postgrestVersion: "12.2" }));

if (process.argv.includes("--check")) {
  const current = await readFile(target, "utf8").catch(() => "");
  if (current !== types) {
    console.error("lib/server/database.types.ts does not match the migrations. Run: npm run types");
    process.exitCode = 1;
  }
} else {
  await writeFile(target, types);
}
