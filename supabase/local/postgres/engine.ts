import { access } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "../start-error.ts";

export type Engine = "pglite" | "postgres";

/**
 * The database that a data folder has; of a new folder, the one that is set.
 * @throws StartError if another one is set
 */
export async function engineOf(dataDir: string, wanted: Engine | undefined): Promise<Engine> {
  if (await hasDatabase(join(dataDir, "postgres"))) {
    if (wanted !== "pglite") return "postgres";
    throw new StartError(
      `The data folder ${dataDir} is on PostgreSQL. Set SIGNALBOX_DATABASE=postgres, or SIGNALBOX_DATA_DIR to another folder.`,
    );
  }
  if (wanted === "postgres" && (await hasDatabase(join(dataDir, "database")))) {
    throw new StartError(
      `The data folder ${dataDir} has an embedded database. Move it over first: npm run move-to-postgres`,
    );
  }
  return wanted ?? "pglite";
}

export function hasDatabase(folder: string): Promise<boolean> {
  return access(join(folder, "PG_VERSION")).then(
    () => true,
    () => false,
  );
}
