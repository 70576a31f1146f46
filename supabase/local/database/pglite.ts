import { createPgliteConnection } from "@supabase/lite/pglite";
import { Gate } from "../gate.ts";
import type { Database, Query, Row } from "./database.ts";
import { setContextQuickly } from "./request-context.ts";

/**
 * Opens PGlite on `folder`, or in memory without one.
 *
 * PGlite has one connection, on which lite opens transactions by plain BEGIN and COMMIT. A gate
 * serializes all callers; otherwise two requests would share one transaction and its role.
 */
export async function openPglite(folder?: string): Promise<Database> {
  const connection = await createPgliteConnection(folder ? { url: folder } : {});
  const { driver } = connection;
  await driver.waitReady;
  setContextQuickly(connection);
  const gate = new Gate();

  const query: Query = async <T extends Row>(text: string, params: readonly unknown[] = []) =>
    (await driver.query<T>(text, [...params])).rows;
  const script = async (text: string) => {
    await driver.exec(text);
  };

  return {
    engine: "pglite",
    connection,
    query: (text, params) => gate.run(() => query(text, params)),
    exclusively: (work) => gate.run(work),
    busy: () => gate.load > 0,
    transaction: (work) =>
      gate.run(async () => {
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
    listen: (channel, onMessage) =>
      gate.run(async () => {
        await driver.listen(channel, onMessage);
      }),
    close: () =>
      gate.run(async () => {
        await driver.exec("checkpoint");
        await connection.close();
      }),
  };
}
