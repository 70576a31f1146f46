import { createPgliteConnection, PGlite } from "@supabase/lite/pglite";
import { Gate } from "../gate.ts";
import { Checkpoints, walSettings } from "./checkpoints.ts";
import type { Database, Query, Row } from "./database.ts";
import { syncFiles, syncingParams } from "./file-sync.ts";
import { pgliteFiles } from "./pglite-files.ts";
import { setContextQuickly } from "./request-context.ts";
import { WalPosition } from "./wal-position.ts";

/**
 * Opens PGlite on `folder`, or in memory without one. With `sync`, it waits for the disk.
 *
 * PGlite has one connection, on which lite opens transactions by plain BEGIN and COMMIT. A gate
 * serializes all callers; otherwise two requests would share one transaction and its role.
 */
export async function openPglite(
  folder?: string,
  { sync = false }: { sync?: boolean } = {},
): Promise<Database> {
  const params = sync ? syncingParams(PGlite.defaultStartParams) : PGlite.defaultStartParams;
  const connection = await createPgliteConnection({
    ...(folder && { url: folder }),
    pgliteOptions: { startParams: [...params, ...walSettings] },
  });
  const { driver } = connection;
  await driver.waitReady;
  if (sync && folder !== undefined) await syncFiles(driver, folder);
  setContextQuickly(connection);
  const position = folder === undefined ? undefined : await WalPosition.open(driver, folder);
  const checkpoints = new Checkpoints(driver, position);
  const gate = new Gate();
  /** Runs work alone, a checkpoint first if one is due. */
  const inTurn = <T>(work: () => Promise<T>) =>
    gate.run(async () => {
      await checkpoints.run({ idle: false });
      return work();
    });

  const query: Query = async <T extends Row>(text: string, params: readonly unknown[] = []) =>
    (await driver.query<T>(text, [...params])).rows;
  const script = async (text: string) => {
    await driver.exec(text);
  };

  return {
    engine: "pglite",
    connection,
    query: (text, params) => inTurn(() => query(text, params)),
    exclusively: inTurn,
    busy: () => gate.load > 0,
    lostTail: () => position?.lost ?? false,
    forgetLoss: () => position?.forgetLoss(),
    tidy: () => gate.run(() => checkpoints.run({ idle: true })),
    transaction: (work) =>
      inTurn(async () => {
        await driver.exec("begin");
        try {
          const result = await work({ query, script });
          await driver.exec("commit");
          return result;
        } catch (error) {
          await driver.exec("rollback");
          throw error;
        }
      }),
    files: () => {
      if (folder === undefined) throw new Error("A database in memory has no files.");
      return pgliteFiles({ driver, gate, checkpoints }, folder);
    },
    listen: (channel, onMessage) =>
      gate.run(async () => {
        await driver.listen(channel, onMessage);
      }),
    close: () =>
      gate.run(async () => {
        await driver.exec("checkpoint");
        await connection.close();
        position?.close();
      }),
  };
}
