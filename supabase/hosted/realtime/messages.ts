import postgres from "postgres";
import { z } from "zod";
import type { Claims } from "../jwt.ts";

const messageSchema = z.object({
  topic: z.string(),
  event: z.string().nullable(),
  payload: z.unknown(),
  private: z.boolean().nullable(),
  extension: z.string(),
});

/** A row of `realtime.messages`. */
export type BroadcastMessage = z.infer<typeof messageSchema>;

/** Realtime's connections to the database. */
export type Messages = {
  /** Whether the policies of `realtime.messages` let a token's owner read a topic. */
  mayRead(topic: string, claims: Claims): Promise<boolean>;
  /** Makes the partitions of the next days, as the service does on a connection. */
  maintain(): Promise<void>;
  dropPartitions(): Promise<void>;
  close(): Promise<void>;
};

/** Reads committed rows of `realtime.messages` from the write-ahead log, as hosted Realtime does. */
export async function followMessages(
  cluster: { folder: string; port: number },
  onMessage: (message: BroadcastMessage) => void,
): Promise<Messages> {
  const sql = postgres({
    host: cluster.folder,
    port: cluster.port,
    user: "supabase_admin",
    database: "postgres",
    max: 3,
    publications: "supabase_realtime_messages_publication",
    onnotice: () => undefined,
  });
  await sql.subscribe("insert:realtime.messages", (row) => onMessage(messageSchema.parse(row)));
  return {
    mayRead: (topic, claims) => readsUnderPolicies(sql, topic, claims),
    maintain: async () => {
      await sql`select realtime.maintain_partitions()`;
    },
    dropPartitions: async () => {
      const partitions = await sql<{ name: string }[]>`
        select inhrelid::regclass::text as name from pg_inherits
        where inhparent = 'realtime.messages'::regclass`;
      for (const { name } of partitions) await sql.unsafe(`drop table ${name}`);
    },
    close: () => sql.end({ timeout: 1 }),
  };
}

class Undo extends Error {}

/** Reads a row of the topic as the token's role, and takes the row back. */
async function readsUnderPolicies(sql: postgres.Sql, topic: string, claims: Claims) {
  let allowed = false;
  await sql
    .begin(async (tx) => {
      const [row] = await tx`
        insert into realtime.messages (topic, extension) values (${topic}, 'broadcast')
        returning id`;
      await tx`select set_config('role', ${claims.role}, true),
        set_config('realtime.topic', ${topic}, true),
        set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
        set_config('request.jwt.claim.sub', ${String(claims.sub ?? "")}, true)`;
      const read = await tx`select 1 from realtime.messages where id = ${row?.id}`;
      allowed = read.length > 0;
      throw new Undo();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
  return allowed;
}
