import { join } from "node:path";
import type { Database } from "./database/database.ts";
import { openPglite, type PgliteOptions } from "./database/pglite.ts";
import { openPostgres } from "./database/postgres.ts";
import type { Engine } from "./postgres/engine.ts";
import { startPostgres } from "./postgres/server.ts";
import { StartError } from "./start-error.ts";

/** Opens the database in a data folder. */
export async function openDatabase(
  dataDir: string,
  engine: Engine,
  options: PgliteOptions = {},
): Promise<Database> {
  if (engine === "pglite") return openFolder(join(dataDir, "database"), options);
  const folder = join(dataDir, "postgres");
  const server = await startPostgres(folder);
  const database = openPostgres(server, folder);
  return {
    ...database,
    close: async () => {
      await database.close();
      await server.stop();
    },
  };
}

async function openFolder(folder: string, options: PgliteOptions): Promise<Database> {
  try {
    return await openPglite(folder, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The database in ${folder} could not be opened (${reason}). Restore it from a backup, or move the folder away to start with an empty one.`,
    );
  }
}
