import { createPostgresConnection, type PostgresConnection } from "@supabase/lite/postgres";
import type { Database, Query, Row, Session } from "./database.ts";
import { postgresFiles } from "./postgres-files.ts";

type Driver = PostgresConnection["driver"];
type Parameter = NonNullable<Parameters<Driver["unsafe"]>[1]>[number];

/** Who connects where: a Unix socket's folder, the port in its name, and a role. */
type Address = { folder: string; port: number; user?: string };

/**
 * Opens a pool of connections to a PostgreSQL.
 * @param dataFolder where its files are, to copy them for a backup
 */
export function openPostgres(address: Address, dataFolder?: string): Database {
  const connection = connectTo(address, 10);
  const { driver } = connection;
  return {
    engine: "postgres",
    connection,
    query: queryOf(driver),
    inTurn: (work) => work(),
    stats: () => null,
    busy: () => false,
    lostTail: () => false,
    forgetLoss: () => {},
    tidy: async () => {},
    files: () => {
      if (dataFolder === undefined) throw new Error("The files of this PostgreSQL are elsewhere.");
      return postgresFiles(openSession(address), dataFolder);
    },
    transaction: async (work) => {
      const reserved = await driver.reserve();
      const script = async (text: string) => {
        await reserved.unsafe(text).simple();
      };
      try {
        await script("begin");
        const result = await work({ query: queryOf(reserved), script });
        await script("commit");
        return result;
      } catch (error) {
        await script("rollback");
        throw error;
      } finally {
        reserved.release();
      }
    },
    listen: async (channel, onMessage) => {
      await driver.listen(channel, onMessage);
    },
    close: () => driver.end({ timeout: 1 }),
  };
}

/** Opens one more connection to a PostgreSQL. */
export function openSession(address: Address): Session {
  const { driver } = connectTo(address, 1);
  return { sql: queryOf(driver), close: () => driver.end({ timeout: 1 }) };
}

/** Connections to the PostgreSQL that a URL names. */
export function connectByUrl(url: string, max: number): Session {
  const { driver } = createPostgresConnection({ url, postgresOptions: { max, ...plain } });
  return { sql: queryOf(driver), close: () => driver.end({ timeout: 1 }) };
}

function connectTo({ folder, port, user = "postgres" }: Address, max: number): PostgresConnection {
  return createPostgresConnection({
    postgresOptions: {
      host: folder,
      port,
      user,
      database: "postgres",
      max,
      ...plain,
    },
  });
}

/** lite passes JSON as text, which the driver would otherwise encode again. */
function jsonType(oid: number) {
  return {
    to: oid,
    from: [oid],
    serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  };
}

const plain = {
  onnotice: () => undefined,
  types: { json: jsonType(114), jsonb: jsonType(3802) },
};

function queryOf(driver: Pick<Driver, "unsafe">): Query {
  return async <T extends Row>(text: string, params: readonly unknown[] = []) => {
    const rows = await driver.unsafe<T[]>(
      text,
      params.map((value) => value as Parameter),
    );
    return [...rows] as T[];
  };
}
