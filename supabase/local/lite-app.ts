import { AsyncLocalStorage } from "node:async_hooks";
import { App, type EmailMessage, SUPABASE_AUTH_HELPERS_SQL } from "@supabase/lite";
import { QueueFull } from "../../lib/fair-queue/fair-queue.ts";
import type { Database } from "./database/database.ts";
import { passErrorsThrough } from "./database/error-answers.ts";
import type { Handler } from "./handler.ts";
import type { Secrets } from "./keys.ts";
import type { Log } from "./log.ts";
import { PasswordWanted, passwordsAside } from "./passwords/passwords-aside.ts";
import { createQuickRpc, isQuickRpc } from "./quick-rpc.ts";
import { turnOf } from "./turn.ts";

/**
 * Starts lite's REST and Auth server on a database: creates `auth.*`, then handles requests.
 * Sign-up needs no confirmation; emails go to the log, as there is no mail server.
 */
export async function createLiteApp(
  database: Database,
  secrets: Secrets,
  log: Log,
): Promise<Handler> {
  const { app, ask } = openLiteApp(database, secrets, log);
  await app.ensureSystemSchema();
  await database.transaction((tx) => tx.script(SUPABASE_AUTH_HELPERS_SQL));
  const askAuth = passwordsAside(ask);
  const quickRpc = createQuickRpc(database, (request) => turnOf(request, secrets));
  const answer: Handler = async (request) => {
    if (new URL(request.url).pathname.startsWith("/auth/v1/")) return askAuth(request);
    if (!isQuickRpc(request, secrets.secretKey)) return ask(request);
    const body = await request.text();
    return (await quickRpc(request, body)) ?? ask(new Request(request, { body }));
  };
  return (request) =>
    answer(request).catch((error: unknown) => {
      if (error instanceof QueueFull) return tooBusy(error);
      throw error;
    });
}

/**
 * lite itself on a database: REST, and Auth whose schema may be still to be made. `signatureOnly`: a
 * user's token is not looked up in Auth's tables, as PostgREST can't.
 */
export function openLiteApp(
  database: Pick<Database, "connection" | "inTurn">,
  secrets: Secrets,
  log: Log,
  { signatureOnly = false } = {},
): { app: App; ask: Handler } {
  filterConsole();
  const app = new App({
    connection: database.connection,
    api: { max_rows: 1000 },
    auth: {
      enabled: true,
      jwt_secret: secrets.jwtSecret,
      publishable_key: secrets.publishableKey,
      secret_key: secrets.secretKey,
      email: { enable_signup: true, enable_confirmations: false },
    },
    options: {
      server: {
        admin: false,
        disableStudio: true,
        disableFallback: true,
        ...(signatureOnly && { middlewares: [knowsEveryUser] }),
      },
      drivers: { email: { send: async (message) => log(emailText(message)) } },
    },
  });
  preventDefaultGrants(database);
  passErrorsThrough(database.connection);
  const ask: Handler = (request) =>
    inLite.run(log, () =>
      database.inTurn(async () => app.fetch(request), turnOf(request, secrets)),
    );
  return { app, ask };
}

const knowsEveryUser: Middleware = async (context, next) => {
  const repo = { findUserById: async () => ({}), findSessionById: async () => ({}) };
  context.set("authService", { repo } as never);
  await next();
};

/** As PostgREST answers when no connection to the database becomes free. */
function tooBusy({ message }: QueueFull): Response {
  return Response.json(
    { code: "53300", message, details: null, hint: null },
    { status: 503, headers: { "Retry-After": "1" } },
  );
}

/**
 * On its first request lite grants all rights on all tables to `anon` and `authenticated`, which
 * would undo what a migration revoked. Hosted Supabase grants nothing by itself: migrations name what
 * each role may do. This flag skips that step.
 */
function preventDefaultGrants(database: Pick<Database, "connection">): void {
  Object.assign(database.connection, { rlsState: "active" });
}

type ServerOptions = NonNullable<
  NonNullable<ConstructorParameters<typeof App>[0]["options"]>["server"]
>;
type Middleware = NonNullable<ServerOptions["middlewares"]>[number];

const inLite = new AsyncLocalStorage<Log>();
let quiet = false;

/** lite prints every rejected statement, although its caller gets the error. Drop those lines. */
function filterConsole(): void {
  if (quiet) return;
  quiet = true;
  for (const method of ["error", "warn", "info", "log"] as const) {
    const original = console[method].bind(console);
    console[method] = (...args: unknown[]) => {
      const log = inLite.getStore();
      if (!log) return original(...args);
      if (!args.some(isExpected)) log(args.map(text).join(" "));
    };
  }
}

/** Whether a value is an error of PostgreSQL or PostgREST, by its code, or no error at all. */
function isExpected(value: unknown): boolean {
  if (value instanceof PasswordWanted) return true;
  if (typeof value !== "object" || value === null) return false;
  const code: unknown = "code" in value ? value.code : undefined;
  return typeof code === "string" && /^([0-9A-Z]{5}|PGRST\d+)$/.test(code);
}

function text(value: unknown): string {
  return value instanceof Error ? (value.stack ?? value.message) : String(value);
}

function emailText(message: EmailMessage): string {
  return `mail to ${message.to}: ${message.subject}\n${message.text}`;
}
