import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ensureBuilt } from "./build.ts";
import {
  createSignInLink,
  ensureCredentials,
  type LocalOwner,
  loadOwner,
  type Owner,
} from "./owner.ts";
import { freePort, portProblem } from "./ports.ts";
import { writePrivateJson } from "./private-file.ts";
import { say } from "./say.ts";
import { derivedSecret } from "./secret.ts";
import { Service } from "./service.ts";
import { isLoopback, type Settings } from "./settings.ts";

interface Supabase {
  url: string;
  publishableKey: string;
  secretKey: string;
}

interface Backend {
  url: string;
  token: string;
}

interface ServicePlan {
  key: "database" | "backend" | "web";
  name: string;
  args: string[];
  env: Record<string, string | undefined>;
}

const listeningSchema = z.union([
  z.object({ event: z.literal("listening"), url: z.url() }),
  z
    .object({ event: z.literal("listening"), port: z.number() })
    .transform(({ event, port }) => ({ event, url: `http://127.0.0.1:${port}` })),
]);
const secretsSchema = z.object({ publishableKey: z.string(), secretKey: z.string() });

const stopTimeoutMs = 4_000;
const webTimeoutMs = 60_000;

/** The services of one dashboard: database, training backend, web server. */
export class Signalbox {
  readonly #root: string;
  readonly #dataDir: string;
  readonly #settings: Settings;
  readonly #dev: boolean;
  readonly #services: Service[] = [];
  readonly #pids: Record<string, number | undefined> = {};
  #ready = false;
  #port = 0;
  /** The web server's URL for processes on this machine. */
  #reachable = "";
  #url = "";

  constructor(root: string, dataDir: string, settings: Settings, { dev }: { dev: boolean }) {
    this.#root = root;
    this.#dataDir = dataDir;
    this.#settings = settings;
    this.#dev = dev;
  }

  /** Starts everything. Rejects with a message for the terminal. */
  async start(): Promise<void> {
    await this.#requirePort();
    const { HOST, PORT, SIGNALBOX_BUILD_DIR } = this.#settings;
    this.#port = PORT || (await freePort(HOST));
    this.#reachable = `http://${isLoopback(HOST) ? HOST : "127.0.0.1"}:${this.#port}`;
    if (!this.#dev) await ensureBuilt(this.#root, SIGNALBOX_BUILD_DIR, say);
    // What the services write from here on is for this user only; the build may be anybody's.
    process.umask(0o077);
    const local = this.#settings.SUPABASE_URL ? null : await loadOwner(this.#dataDir);
    const supabase = await this.#startDatabase(local);
    const owner = local?.owner ?? null;
    const backend = await this.#startBackend();
    this.#url = await this.#startWeb(supabase, backend, owner);
    const link = owner ? await this.#signInLink(supabase, owner) : null;
    this.#ready = true;
    await this.#writeRuntime();
    say(`\n  Signalbox is ready:  ${this.#url}`);
    if (link) say(`  Sign in elsewhere:   ${link}   (once, within a day)`);
    say(`\n  Data: ${this.#dataDir}   Stop: Ctrl-C\n`);
  }

  /** Programs and browsers that are not recognized need a key and a link. */
  async #signInLink(supabase: Supabase, owner: Owner): Promise<string> {
    // Within this machine: a public URL need not be reachable from here.
    const credentials = { dataDir: this.#dataDir, url: this.#url, reachable: this.#reachable };
    const { adminKey } = await ensureCredentials(credentials, supabase, owner);
    return createSignInLink(this.#reachable, adminKey);
  }

  /** Stops the services, the last started first. */
  async stop(): Promise<void> {
    for (const service of this.#services.splice(0).reverse()) await service.stop(stopTimeoutMs);
    // A start that was refused leaves the file of the one that runs.
    if (this.#ready) await rm(this.#runtimeFile, { force: true });
  }

  async #requirePort(): Promise<void> {
    const { HOST: host, PORT: port } = this.#settings;
    const problem = await portProblem(port, host);
    if (problem === "EADDRINUSE") {
      throw new Error(
        `Port ${port} on ${host} is already in use. Stop the process that uses it, or choose another port: PORT=3001 npm start`,
      );
    }
    if (problem) {
      throw new Error(`Cannot listen on ${host}:${port} (${problem}). Check HOST and PORT.`);
    }
  }

  async #startDatabase(local: LocalOwner | null): Promise<Supabase> {
    const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY } = this.#settings;
    if (SUPABASE_URL && SUPABASE_PUBLISHABLE_KEY && SUPABASE_SECRET_KEY) {
      say(`Using the Supabase at ${SUPABASE_URL}`);
      return {
        url: SUPABASE_URL,
        publishableKey: SUPABASE_PUBLISHABLE_KEY,
        secretKey: SUPABASE_SECRET_KEY,
      };
    }
    say("Starting the database …");
    const url = await this.#launch("SIGNALBOX_SUPABASE_PORT", {
      key: "database",
      name: "The database",
      args: ["supabase/local/main.ts"],
      env: {
        SIGNALBOX_DATA_DIR: this.#dataDir,
        SIGNALBOX_SUPABASE_PORT: String(this.#settings.SIGNALBOX_SUPABASE_PORT),
        ...(local?.isNew && { SIGNALBOX_NEW_PASSWORD: JSON.stringify(local.owner) }),
      },
    });
    const text = await readFile(join(this.#dataDir, "supabase.json"), "utf8");
    return { url, ...secretsSchema.parse(JSON.parse(text)) };
  }

  async #startBackend(): Promise<Backend> {
    const { TRAINING_BACKEND_URL, TRAINING_BACKEND_TOKEN } = this.#settings;
    if (TRAINING_BACKEND_URL && TRAINING_BACKEND_TOKEN) {
      say(`Using the training backend at ${TRAINING_BACKEND_URL}`);
      return { url: TRAINING_BACKEND_URL, token: TRAINING_BACKEND_TOKEN };
    }
    say("Starting the training backend …");
    const token = randomBytes(24).toString("base64url");
    const url = await this.#launch("SIGNALBOX_BACKEND_PORT", {
      key: "backend",
      name: "The training backend",
      args: ["backend/main.ts"],
      env: {
        SIGNALBOX_DATA_DIR: this.#dataDir,
        SIGNALBOX_BACKEND_PORT: String(this.#settings.SIGNALBOX_BACKEND_PORT),
        SIGNALBOX_DASHBOARD_URL: this.#reachable,
        TRAINING_BACKEND_TOKEN: token,
      },
    });
    return { url, token };
  }

  async #startWeb(supabase: Supabase, backend: Backend, owner: Owner | null): Promise<string> {
    say("Starting the web server …");
    const {
      HOST: host,
      SIGNALBOX_URL,
      SIGNALBOX_SECRET,
      SIGNALBOX_AUTO_SIGN_IN,
      SIGNALBOX_ALLOW_SIGN_UP,
    } = this.#settings;
    const url = SIGNALBOX_URL ?? this.#reachable;
    // Behind a public URL stands a proxy, whose connections come from this machine.
    const local = isLoopback(host) && isLoopback(new URL(url).hostname);
    const autoSignIn = owner && local && SIGNALBOX_AUTO_SIGN_IN !== "0";
    await new Promise<void>((resolve, reject) => {
      const web = this.#add(reject, {
        key: "web",
        name: "The web server",
        args: ["web/main.ts"],
        env: {
          PORT: String(this.#port),
          HOST: host,
          NODE_ENV: this.#dev ? "development" : "production",
          NEXT_TELEMETRY_DISABLED: "1",
          SIGNALBOX_BUILD_DIR: this.#settings.SIGNALBOX_BUILD_DIR,
          SIGNALBOX_URL: url,
          SIGNALBOX_SECRET: SIGNALBOX_SECRET ?? derivedSecret(supabase.secretKey),
          SUPABASE_URL: supabase.url,
          SUPABASE_PUBLISHABLE_KEY: supabase.publishableKey,
          SUPABASE_SECRET_KEY: supabase.secretKey,
          TRAINING_BACKEND_URL: backend.url,
          TRAINING_BACKEND_TOKEN: backend.token,
          SIGNALBOX_DATABASE_DIR: owner ? this.#dataDir : undefined,
          SIGNALBOX_OWNER_EMAIL: owner?.email,
          SIGNALBOX_OWNER_PASSWORD: owner?.password,
          SIGNALBOX_AUTO_SIGN_IN: autoSignIn ? "1" : "0",
          SIGNALBOX_ALLOW_SIGN_UP: SIGNALBOX_ALLOW_SIGN_UP ?? (owner ? "0" : "1"),
        },
      });
      web.start();
      untilResponding(`${this.#reachable}/api/health`).then(() => {
        web.markReady(`${this.#reachable}/api/health`);
        resolve();
      }, reject);
    });
    return url;
  }

  /** Starts a service, and returns the URL that it prints once it listens. */
  #launch(portSetting: string, plan: ServicePlan): Promise<string> {
    return new Promise((resolve, reject) => {
      const output: string[] = [];
      const fail = (error: Error) => reject(new Error([...output, error.message].join("\n")));
      const service = this.#add(fail, plan, (line) => {
        const url = listeningUrl(line);
        if (url === null) {
          if (!line.startsWith("{")) output.push(line);
          output.splice(0, output.length - 5);
          return;
        }
        // A restart must use the same port, which the other services know.
        service.markReady(`${url}/live`, { [portSetting]: new URL(url).port });
        resolve(url);
      });
      service.start();
    });
  }

  #add(
    reject: (error: Error) => void,
    plan: ServicePlan,
    onLine?: (line: string) => void,
  ): Service {
    const [script = "", ...args] = plan.args;
    const logFile = join(this.#dataDir, `${plan.key}.log`);
    const service = new Service({
      name: plan.name,
      args: [join(this.#root, script), ...args],
      env: plan.env,
      logFile,
      onLine,
      onStarted: (pid) => {
        this.#pids[plan.key] = pid;
        // The file only informs: a full disk must not stop what runs.
        if (this.#ready) this.#writeRuntime().catch((error: Error) => say(error.message));
      },
      onFailed: (reason) => reject(new Error(`${reason} See the end of ${logFile}`)),
      hungAfterMs: this.#settings.SIGNALBOX_HUNG_AFTER_S * 1000,
    });
    this.#services.push(service);
    return service;
  }

  get #runtimeFile(): string {
    return join(this.#dataDir, "runtime.json");
  }

  /** Writes the URL and the process ids, for people and programs on this machine. */
  async #writeRuntime(): Promise<void> {
    await writePrivateJson(this.#runtimeFile, {
      url: this.#url,
      pid: process.pid,
      services: this.#pids,
    });
  }
}

function listeningUrl(line: string): string | null {
  if (!line.startsWith("{")) return null;
  try {
    const parsed = listeningSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data.url : null;
  } catch {
    return null;
  }
}

/** Polls a URL until it responds at all; the response may still report something as down. */
async function untilResponding(url: string): Promise<void> {
  const deadline = performance.now() + webTimeoutMs;
  while (performance.now() < deadline) {
    const responded = await fetch(url).then(
      () => true,
      () => false,
    );
    if (responded) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The web server did not respond at ${url} within a minute.`);
}
