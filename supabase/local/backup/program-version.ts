import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const packageFile = join(import.meta.dirname, "../../../package.json");

/** The version of this program. */
export async function programVersion(): Promise<string> {
  const text = await readFile(packageFile, "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
