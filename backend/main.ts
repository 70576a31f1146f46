/** Entry of the training backend. */

import { readBackendId } from "./backend-id.ts";
import { lockDataDir } from "./data-lock.ts";
import { createBackendServer } from "./http/server.ts";
import { JobManager } from "./jobs/job-manager.ts";
import { readSettings } from "./settings.ts";

const GRACE_MS = 2300;

async function main(): Promise<void> {
  // Checkpoints, logs and tokens are for this user only.
  process.umask(0o077);
  const settings = readSettings(process.env);
  const lock = lockDataDir(settings.dataDir);
  const jobs = new JobManager({ ...settings, id: readBackendId(settings.dataDir) });
  const server = createBackendServer(jobs, settings.token);
  // Idle connections must not delay the shutdown.
  server.keepAliveTimeout = 5000;

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    server.close();
    server.closeAllConnections();
    await jobs.shutdown(GRACE_MS);
    lock.release();
    process.exit(0);
  };
  // The process that reads our output may exit first; training continues.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  await jobs.recover();
  server.on("error", (error) => {
    console.error(
      `the training backend can't listen on port ${settings.port} (SIGNALBOX_BACKEND_PORT): ${error.message}`,
    );
    lock.release();
    process.exit(1);
  });
  server.listen(settings.port, "127.0.0.1", () => {
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : settings.port;
    console.log(JSON.stringify({ event: "listening", port }));
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
