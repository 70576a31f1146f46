import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileDurably } from "./durable-file.ts";

/**
 * Which backend this is: the same as long as its data folder is, whatever its address. Dashboards note
 * it with each run, so that a run stays with the backend that has its checkpoints.
 */
export function readBackendId(dataDir: string): string {
  const path = join(dataDir, "backend", "backend-id");
  const known = readText(path);
  if (known) return known;
  const id = randomUUID();
  writeFileDurably(path, [`${id}\n`]);
  return id;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
