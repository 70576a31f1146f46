import { randomUUID } from "node:crypto";
import type { healthReplySchema } from "@signalbox/protocol/data/read";
import type { z } from "zod";
import { version } from "@/package.json";
import { askBackend, backendUrls } from "./backend/backends";
import { cachedFor } from "./cached-for";
import { diskSpace } from "./disk-space";
import { env } from "./env";
import { AppError } from "./errors";
import { realtime } from "./realtime/source/notifier";
import { callRpc } from "./rpc/call-rpc";

type Health = z.infer<typeof healthReplySchema>;

const cacheForMs = 2_000;
const timeoutMs = 3_000;

/** Checks the database, Realtime, the training backend and the disk; a result is cached for 2 s. */
export function checkHealth(): Promise<Health> {
  return cachedFor("health", cacheForMs, checkAll);
}

async function checkAll(): Promise<Health> {
  const [database, realtime, backend, disk] = await Promise.all([
    statusOf(callRpc("job_transitions", {})),
    statusOf(joinRealtime()),
    env().TRAINING_BACKEND_URL ? statusOf(askBackends()) : "not set up",
    diskSpace(),
  ]);
  const up =
    disk.level !== "full" &&
    [database, realtime, backend].every((state) => state === "ok" || state === "not set up");
  return {
    status: up ? "ok" : "degraded",
    version,
    database,
    realtime,
    backend,
    disk: disk.level,
    disk_free_bytes: disk.freeBytes,
  };
}

async function statusOf(check: Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("down: timed out"), timeoutMs);
  });
  try {
    return await Promise.race([check.then(() => "ok"), timeout]);
  } catch (error) {
    return `down: ${error instanceof AppError ? error.message : "unexpected reply"}`;
  } finally {
    clearTimeout(timer);
  }
}

/** Every training backend responds. */
async function askBackends(): Promise<void> {
  const urls = backendUrls();
  const answers = await Promise.allSettled(urls.map(askBackend));
  const failed = answers.filter((answer) => answer.status === "rejected");
  if (failed.length === 0) return;
  if (urls.length === 1) throw failed[0]?.reason;
  const message = `${failed.length} of ${urls.length} training backends are not responding.`;
  throw new AppError("backend_unavailable", message);
}

/** Joins a Realtime topic over the connection that the notifier uses, and leaves it again. */
async function joinRealtime(): Promise<void> {
  let leave = () => {};
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve) => {
      leave = realtime().subscribe(`health:${randomUUID()}`, {
        onNotify: () => {},
        onJoined: resolve,
      });
      timer = setTimeout(leave, timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    leave();
  }
}
