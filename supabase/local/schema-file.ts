import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writePrivateFile } from "./keys.ts";
import { ownSchema, requireKnown } from "./migrate.ts";

const fileSchema = z.record(z.string(), z.string());
const fileName = "schema.json";

/**
 * Refuses a data folder of a newer version before its database is opened, which would already write
 * to it. Without the file, the database itself is asked once it is open.
 * @throws StartError
 */
export async function checkSchemaFile(dataDir: string): Promise<void> {
  const text = await readFile(join(dataDir, fileName), "utf8").catch(() => "null");
  const recorded = fileSchema.safeParse(parseJson(text));
  if (recorded.success) await requireKnown(new Map(Object.entries(recorded.data)));
}

/** Records that the folder's database has this program's schema. */
export async function writeSchemaFile(dataDir: string): Promise<void> {
  const schema = Object.fromEntries(await ownSchema());
  await writePrivateFile(join(dataDir, fileName), `${JSON.stringify(schema, null, 2)}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
