// Writes lib/server/database.types.ts from the migrations; with --check, only compares.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeSchema } from "../supabase/local/describe-schema.ts";
import { renderTypes } from "../supabase/local/render-types.ts";
import { startEmbeddedSupabase } from "../supabase/local/start.ts";

const target = join(import.meta.dirname, "../lib/server/database.types.ts");

const supabase = await startEmbeddedSupabase({ inMemory: true, port: 0 });
const types = renderTypes(await describeSchema(supabase.sql));
await supabase.close();

if (process.argv.includes("--check")) {
  const current = await readFile(target, "utf8").catch(() => "");
  if (current !== types) {
    console.error("lib/server/database.types.ts does not match the migrations. Run: npm run types");
    process.exitCode = 1;
  }
} else {
  await writeFile(target, types);
}
