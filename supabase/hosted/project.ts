import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { Session } from "../local/database/database.ts";
import { connectByUrl } from "../local/database/postgres.ts";
import { noBackup } from "./start.ts";

const settingsSchema = z.object({
  SUPABASE_URL: z.url(),
  SUPABASE_PUBLISHABLE_KEY: z.string().min(1),
  SUPABASE_SECRET_KEY: z.string().min(1),
  SUPABASE_DB_URL: z.string().startsWith("postgres"),
});

/** A project and how to reach its database, as the environment names them. */
export type ProjectSettings = z.infer<typeof settingsSchema>;

/** E-mail addresses of the tests' users, by which those of an interrupted run are found. */
const emailPrefix = "signalbox-test-";
export const testUsers = `email like '${emailPrefix}%@example.com'`;

/** Rows that are deleted by one statement. */
const portion = 20_000;

const password = "correct horse battery";
const patienceMs = 330_000;
const userSchema = z.object({ id: z.string() });
const sessionSchema = z.object({ access_token: z.string(), user: userSchema });

/** The project that the environment names. @throws ZodError naming the missing settings */
export function projectSettings(environment: NodeJS.ProcessEnv): ProjectSettings {
  return settingsSchema.parse(environment);
}

/** A project for one test file. `close` removes the users that it made, and with them all their rows. */
export function openProject(settings: ProjectSettings) {
  const database = connectByUrl(settings.SUPABASE_DB_URL, 3);
  const sessions: Session[] = [];
  const users: string[] = [];
  const auth = async (path: string, key: string, body: object) => {
    const response = await fetch(`${settings.SUPABASE_URL}/auth/v1/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", apikey: key },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json().catch(() => null)) as unknown };
  };
  return {
    url: settings.SUPABASE_URL,
    publishableKey: settings.SUPABASE_PUBLISHABLE_KEY,
    secretKey: settings.SUPABASE_SECRET_KEY,
    sql: database.sql,
    backUp: noBackup,
    connect: () => {
      const session = connectByUrl(settings.SUPABASE_DB_URL, 1);
      sessions.push(session);
      return session;
    },
    signUp: async (name: string) => {
      const email = `${emailPrefix}${randomBytes(6).toString("hex")}-${name}`;
      const account = { email, password };
      const { SUPABASE_SECRET_KEY: secret, SUPABASE_PUBLISHABLE_KEY: publishable } = settings;
      const confirmed = { ...account, email_confirm: true };
      const made = await withPatience(() => auth("admin/users", secret, confirmed));
      users.push(userSchema.parse(made.body).id);
      const signIn = "token?grant_type=password";
      const reply = await withPatience(() => auth(signIn, publishable, account));
      const session = sessionSchema.parse(reply.body);
      return { userId: session.user.id, accessToken: session.access_token, email };
    },
    close: async () => {
      await removeUsers(database, "id = any($1::uuid[])", [users]);
      await Promise.all([database, ...sessions].map((session) => session.close()));
    },
  };
}

/** Deletes users, and in portions what was theirs, as the housekeeping would by and by. */
export async function removeUsers({ sql }: Session, where: string, params: unknown[] = []) {
  await sql(`delete from auth.users where ${where}`, params);
  for (const removal of ["remove_rows", "drop_points"]) {
    let more = true;
    while (more) {
      const [row] = await sql<{ more: boolean }>(
        `select (public.${removal}($1) ->> 'more')::boolean as more`,
        [portion],
      );
      more = row?.more ?? false;
    }
  }
}

/** Repeats what Auth's rate limit refuses: by default it lets an address sign in 30 times in five minutes. */
async function withPatience<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const reply = await ask();
    if (reply.status !== 429 || performance.now() > giveUpAt) return reply;
    await wait(10_000);
  }
}
