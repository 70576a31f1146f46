import { createPgliteConnection, PGlite } from "@supabase/lite/pglite";
import { FairQueue, type Turn } from "../../../lib/fair-queue/fair-queue.ts";
import type { DiskGuard } from "../disk/disk-guard.ts";
import { WriteSwitch } from "../disk/write-switch.ts";
import { Checkpoints, walSettings } from "./checkpoints.ts";
import { type Database, type Query, type Row, serviceTurn } from "./database.ts";
import { syncFiles, syncingParams } from "./file-sync.ts";
import { pgliteFiles } from "./pglite-files.ts";
import { setContextQuickly } from "./request-context.ts";
import { WalPosition } from "./wal-position.ts";

export interface PgliteOptions {
  sync?: boolean;
  /** Keeps it from writing while the folder's disk is full, which would end it for good. */
  guard?: DiskGuard | undefined;
}

/**
 * Opens PGlite on `folder`, or in memory without one. With `sync`, it waits for the disk.
 *
 * PGlite has one connection, on which lite opens transactions by plain BEGIN and COMMIT. A queue
 * serializes all callers; otherwise two requests would share one transaction and its role.
 */
export async function openPglite(
  folder?: string,
  { sync = false, guard }: PgliteOptions = {},
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
  const writeSwitch = guard && new WriteSwitch(driver, guard);
  const queue = new FairQueue();
  /** Runs work alone, a checkpoint first if one is due. */
  const inTurn = <T>(work: () => Promise<T>, turn: Turn) =>
    queue.run(async () => {
      await writeSwitch?.run();
      await checkpoints.run({ idle: false });
      return work();
    }, turn);
  const alone = <T>(work: () => Promise<T>) => queue.run(work, serviceTurn);

  const query: Query = async <T extends Row>(text: string, params: readonly unknown[] = []) =>
    (await driver.query<T>(text, [...params])).rows;
  const script = async (text: string) => {
    await driver.exec(text);
  };

  return {
    engine: "pglite",
    connection,
    query: (text, params) => inTurn(() => query(text, params), serviceTurn),
    inTurn,
    stats: () => queue.stats(),
    busy: () => queue.load > 0,
    lostTail: () => position?.lost ?? false,
    forgetLoss: () => position?.forgetLoss(),
    tidy: () => alone(() => checkpoints.run({ idle: true })),
    transaction: (work, turn = serviceTurn) =>
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
      }, turn),
    files: () => {
      if (folder === undefined) throw new Error("A database in memory has no files.");
      return pgliteFiles({ driver, alone, checkpoints }, folder);
    },
    listen: (channel, onMessage) =>
      alone(async () => {
        await driver.listen(channel, onMessage);
      }),
    close: () =>
      alone(async () => {
        await driver.exec("checkpoint");
        await connection.close();
        position?.close();
      }),
  };
}
