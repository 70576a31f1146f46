import { SUPABASE_AUTH_HELPERS_SQL } from "@supabase/lite";
import type { Database } from "../local/database/database.ts";
import type { Handler } from "../local/handler.ts";
import { createSecrets } from "../local/keys.ts";
import { openLiteApp } from "../local/lite-app.ts";
import type { Log } from "../local/log.ts";
import { readJwt } from "./jwt.ts";

type Service = {
  /** Connected as the service's role. */
  database: Database;
  jwtSecret: string;
  log: Log;
};

/** The tables of Auth belong to its role; `postgres` may use but not change them. */
const handOver = `
  drop schema supabase_migrations cascade;
  do $$
  declare object record;
  begin
    for object in select oid::regclass as name from pg_class
      where relnamespace = 'auth'::regnamespace and relkind = 'r'
    loop
      execute format('alter table %s owner to supabase_auth_admin', object.name);
      execute format('grant all on table %s to postgres', object.name);
    end loop;
    for object in select oid::regprocedure as name from pg_proc
      where pronamespace = 'auth'::regnamespace
    loop
      execute format('alter function %s owner to supabase_auth_admin', object.name);
    end loop;
  end
  $$;`;

/** Makes the tables and functions of schema `auth`. `admin` is connected as the superuser. */
export async function createAuthSchema(admin: Database): Promise<void> {
  const { app } = openLiteApp(admin, await createSecrets(), () => undefined);
  await app.ensureSystemSchema();
  await admin.transaction((tx) => tx.script(SUPABASE_AUTH_HELPERS_SQL + handOver));
}

/** Auth as `supabase_auth_admin`, with the one call of the admin API that the tests need. */
export async function createAuth({ database, jwtSecret, log }: Service): Promise<Handler> {
  const secrets = { ...(await createSecrets()), jwtSecret };
  const ask = withKey(openLiteApp(database, secrets, log).ask, secrets.publishableKey);
  return async (request) => {
    const { pathname, origin } = new URL(request.url);
    if (request.method !== "POST" || pathname !== "/auth/v1/admin/users") return ask(request);
    const token = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
    if (readJwt(token, jwtSecret)?.role !== "service_role") {
      return Response.json({ error_code: "not_admin", msg: "User not allowed" }, { status: 403 });
    }
    const signUp = new Request(`${origin}/auth/v1/signup`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: await request.text(),
    });
    const reply = await ask(signUp);
    if (!reply.ok) return reply;
    return Response.json(((await reply.json()) as { user: unknown }).user);
  };
}

/**
 * REST as `authenticator`, which takes the role of each request's token and that role's time-outs, as
 * PostgREST does. `admin` reads the schema, as lite looks where `authenticator` itself sees nothing; it
 * is read again on `notify pgrst, 'reload schema'`.
 */
export async function createRest(
  { database, jwtSecret, log }: Service,
  admin: Database,
): Promise<Handler> {
  const secrets = { ...(await createSecrets()), jwtSecret };
  let schema = admin.connection.introspect();
  Object.assign(database.connection, { introspect: () => schema });
  await admin.listen("pgrst", () => {
    schema = admin.connection.introspect();
  });
  await applyTimeouts(database);
  const { ask } = openLiteApp(database, secrets, log, { signatureOnly: true });
  return withKey(ask, secrets.publishableKey);
}

/** How lite runs a statement within a request's transaction. */
type Transaction = { executeQuery(query: object): Promise<unknown> };
type Context = { auth?: { role?: string } };
type SetContext = (tx: Transaction, context: Context, setRole: boolean) => Promise<void>;

/** Beside the role lite sets its time-outs, which PostgreSQL itself applies only at log-in. */
async function applyTimeouts({ connection, query }: Database): Promise<void> {
  const settings = await query<{ role: string; statement: string }>(
    `select r.rolname as role, string_agg(format('set_config(%L, %L, true)',
        split_part(setting, '=', 1), split_part(setting, '=', 2)), ', ') as statement
      from pg_db_role_setting s join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) setting
      where r.rolname in ('anon', 'authenticated', 'service_role')
      group by r.rolname`,
  );
  const statements = new Map(settings.map(({ role, statement }) => [role, `select ${statement}`]));
  const { applyJwtSessionContext } = connection as unknown as {
    applyJwtSessionContext: SetContext;
  };
  const withTimeouts: SetContext = async (tx, context, setRole) => {
    await applyJwtSessionContext.call(connection, tx, context, setRole);
    const sql = statements.get(context.auth?.role ?? "anon");
    if (sql) await tx.executeQuery({ sql, parameters: [], query: { kind: "RawNode" } });
  };
  Object.assign(connection, { applyJwtSessionContext: withTimeouts });
}

/** lite wants a key of its own beside the token that the gateway made. */
function withKey(ask: Handler, key: string): Handler {
  return (request) => {
    const headers = new Headers(request.headers);
    headers.set("apikey", key);
    return ask(new Request(request, { headers }));
  };
}
