import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ensureBuilt } from "./build.ts";
import { ensureCredentials, ensureOwner, type Owner } from "./owner.ts";
import { freePort, portProblem } from "./ports.ts";
import { say } from "./say.ts";
import { Service } from "./service.ts";
import { isLoopback, type Settings } from "./settings.ts";

interface Supabase {
  url: string;
  publishableKey: string;
  secretKey: string;
}

const listeningSchema = z.object({ event: z.literal("listening") }).loose();
const secretsSchema = z.object({ publishableKey: z.string(), secretKey: z.string() });

/** The services of one dashboard: database, training backend, web server. */
export class Signalbox {
  onGivenUp: (reason: string) => void = () => {};
  readonly #root: string;
  readonly #dataDir: string;
  readonly #settings: Settings;
  readonly #dev: boolean;
  readonly #services: Service[] = [];

  constructor(root: string, dataDir: string, settings: Settings, dev: boolean) {
    this.#root = root;
    this.#dataDir = dataDir;
    this.#settings = settings;
    this.#dev = dev;
  }

  async start(): Promise<void> {
    const { HOST: host, PORT: port } = this.#settings;
    const problem = await portProblem(port, host);
    if (problem === "EADDRINUSE") {
      throw new Error(
        `Port ${port} on ${host} is taken. Stop what uses it, or choose another: PORT=3001 npm start`,
      );
    }
    if (problem)
      throw new Error(`Cannot listen on ${host}:${port} (${problem}). See HOST and PORT.`);
    if (!this.#dev) await ensureBuilt(this.#root, this.#settings.SIGNALBOX_BUILD_DIR, say);

    const embedded = !this.#settings.SUPABASE_URL;
    const supabase = await this.#startSupabase();
    const owner = embedded ? await ensureOwner(this.#dataDir, supabase) : null;
    const backend = await this.#startBackend();
    const url = await this.#startWeb(supabase, backend, owner);
    if (owner) await ensureCredentials(this.#dataDir, url, supabase, owner);
    say(`\n  Signalbox is ready:  ${url}\n\n  Data: ${this.#dataDir}   Stop: Ctrl-C\n`);
  }

  /** Stops the services, the last started first. */
  async stop(): Promise<void> {
    const patience = [4_000, 4_000, 4_000];
    for (const service of this.#services.splice(0).reverse()) {
      await service.stop(patience.pop() ?? 4_000);
    }
  }

  async #startSupabase(): Promise<Supabase> {
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
    const { url } = await this.#launch(
      "The database",
      ["supabase/local/main.ts"],
      {
        SIGNALBOX_DATA_DIR: this.#dataDir,
        SIGNALBOX_SUPABASE_PORT: String(this.#settings.SIGNALBOX_SUPABASE_PORT),
      },
      "SIGNALBOX_SUPABASE_PORT",
    );
    const secrets = secretsSchema.parse(await readJson(join(this.#dataDir, "supabase.json")));
    return { url, ...secrets };
  }

  async #startBackend(): Promise<{ url: string; token: string }> {
    const { TRAINING_BACKEND_URL, TRAINING_BACKEND_TOKEN } = this.#settings;
    if (TRAINING_BACKEND_URL && TRAINING_BACKEND_TOKEN) {
      say(`Using the training backend at ${TRAINING_BACKEND_URL}`);
      return { url: TRAINING_BACKEND_URL, token: TRAINING_BACKEND_TOKEN };
    }
    say("Starting the training backend …");
    const token = randomBytes(24).toString("base64url");
    const { url } = await this.#launch(
      "The training backend",
      ["backend/main.ts"],
      {
        SIGNALBOX_DATA_DIR: this.#dataDir,
        SIGNALBOX_BACKEND_PORT: String(this.#settings.SIGNALBOX_BACKEND_PORT),
        TRAINING_BACKEND_TOKEN: token,
      },
      "SIGNALBOX_BACKEND_PORT",
    );
    return { url, token };
  }

  async #startWeb(
    supabase: Supabase,
    backend: { url: string; token: string },
    owner: Owner | null,
  ): Promise<string> {
    say("Starting the web server …");
    const host = this.#settings.HOST;
    const port = this.#settings.PORT || (await freePort(host));
    const reach = `http://${isLoopback(host) ? host : "127.0.0.1"}:${port}`;
    const url = this.#settings.SIGNALBOX_URL ?? reach;
    const autoSignIn = isLoopback(host) && owner && this.#settings.SIGNALBOX_AUTO_SIGN_IN !== "0";
    const web = this.#service(
      "The web server",
      ["node_modules/next/dist/bin/next", this.#dev ? "dev" : "start", "-p", `${port}`, "-H", host],
      {
        NODE_ENV: this.#dev ? "development" : "production",
        NEXT_TELEMETRY_DISABLED: "1",
        SIGNALBOX_BUILD_DIR: this.#dev ? ".next-dev" : this.#settings.SIGNALBOX_BUILD_DIR,
        SIGNALBOX_URL: url,
        SUPABASE_URL: supabase.url,
        SUPABASE_PUBLISHABLE_KEY: supabase.publishableKey,
        SUPABASE_SECRET_KEY: supabase.secretKey,
        TRAINING_BACKEND_URL: backend.url,
        TRAINING_BACKEND_TOKEN: backend.token,
        SIGNALBOX_OWNER_EMAIL: owner?.email,
        SIGNALBOX_OWNER_PASSWORD: owner?.password,
        SIGNALBOX_AUTO_SIGN_IN: autoSignIn ? "1" : "0",
      },
      "web.log",
    );
    web.start();
    await untilHealthy(reach, () => web.pid !== undefined);
    return url === reach ? reach : url;
  }

  /** Starts a service that says on its standard output where it listens. */
  async #launch(
    name: string,
    args: string[],
    env: Record<string, string>,
    portSetting: string,
  ): Promise<{ url: string }> {
    return new Promise((resolve, reject) => {
      const complaints: string[] = [];
      const service = this.#service(name, args, env, `${args[0]?.split("/")[0]}.log`, (line) => {
        const message = parseLine(line);
        if (!message) {
          complaints.push(line);
          return;
        }
        const { port, url } = message;
        const address = typeof url === "string" ? url : `http://127.0.0.1:${port}`;
        service.keep({ [portSetting]: new URL(address).port });
        resolve({ url: address });
      });
      const earlier = this.onGivenUp;
      this.onGivenUp = (reason) => {
        reject(new Error([...complaints.slice(-5), reason].join("\n")));
        this.onGivenUp = earlier;
      };
      service.start();
    });
  }

  #service(
    name: string,
    args: string[],
    env: Record<string, string | undefined>,
    logFile: string,
    onLine: (line: string) => void = () => {},
  ): Service {
    const path = join(this.#dataDir, logFile);
    const service = new Service(
      {
        name,
        args: args.map((arg, index) => (index === 0 ? join(this.#root, arg) : arg)),
        env,
        onLine: (line) => {
          appendFileSync(path, `${new Date().toISOString()} ${line}\n`);
          onLine(line);
        },
      },
      (reason) => this.onGivenUp(`${reason} Its last words are in ${path}`),
    );
    this.#services.push(service);
    return service;
  }
}

async function readJson(path: string): Promise<unknown> {
  const { readFile } = await import("node:fs/promises");
  return JSON.parse(await readFile(path, "utf8"));
}

function parseLine(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    const parsed = listeningSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Asks for the health page until it answers; the answer may still name what is down. */
async function untilHealthy(url: string, alive: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const response = await fetch(`${url}/api/health`).catch(() => null);
    if (response) return;
    if (!alive()) await new Promise((resolve) => setTimeout(resolve, 200));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The web server did not answer at ${url} within a minute.`);
}
