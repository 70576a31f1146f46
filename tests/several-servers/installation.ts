import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startTestSupabase, type TestSupabase } from "../../supabase/local/testing.ts";
import { type RecordingBackend, startRecordingBackend } from "../api/recording-backend.ts";

const entry = join(import.meta.dirname, "serve.ts");

/** One web server, a process of its own. */
interface WebServer {
  url: string;
  kill(): Promise<void>;
}

/** Two web servers and two training backends on one PostgreSQL. */
export interface Installation {
  supabase: TestSupabase;
  backends: [RecordingBackend, RecordingBackend];
  servers: [WebServer, WebServer];
  /** A further web server. */
  startServer(): Promise<WebServer>;
  /** An API key of a new user. */
  signUp(name: string): Promise<string>;
  close(): Promise<void>;
}

export async function startInstallation(): Promise<Installation> {
  const [supabase, one, two] = await Promise.all([
    startTestSupabase({ engine: "postgres" }),
    startRecordingBackend(),
    startRecordingBackend(),
  ]);
  const started: WebServer[] = [];
  const startServer = async () => {
    const server = await launch({
      SUPABASE_URL: supabase.url,
      SUPABASE_PUBLISHABLE_KEY: supabase.publishableKey,
      SUPABASE_SECRET_KEY: supabase.secretKey,
      SIGNALBOX_SECRET: "a secret of the tests alone",
      SIGNALBOX_LOST_AFTER_S: "8",
      TRAINING_BACKEND_URL: `${one.url},${two.url}`,
      TRAINING_BACKEND_TOKEN: one.token,
    });
    started.push(server);
    return server;
  };
  const servers: [WebServer, WebServer] = [await startServer(), await startServer()];
  return {
    supabase,
    backends: [one, two],
    servers,
    startServer,
    signUp: async (name) => {
      const { accessToken } = await supabase.signUp(`${name}@example.com`);
      const response = await fetch(`${servers[0].url}/api/settings/api-keys`, {
        method: "POST",
        headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
        body: JSON.stringify({ name, scopes: ["read", "ingest", "control", "admin"] }),
      });
      return ((await response.json()) as { secret: string }).secret;
    },
    close: async () => {
      await Promise.all(started.map((server) => server.kill()));
      await Promise.all([supabase.close(), one.close(), two.close()]);
    },
  };
}

async function launch(env: Record<string, string>): Promise<WebServer> {
  const child: ChildProcess = spawn(process.execPath, [entry], {
    env: { PATH: process.env.PATH, NODE_ENV: "test", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    void exited.then(([code]) => reject(new Error(`a web server ended with code ${code}`)));
    if (!child.stdout) throw new Error("no output");
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) resolve((JSON.parse(line) as { url: string }).url);
    });
  });
  return {
    url,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
