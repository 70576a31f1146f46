import { randomUUID } from "node:crypto";
import type { healthReplySchema } from "@signalbox/protocol/read";
import type { z } from "zod";
import { version } from "@/package.json";
import { callBackend } from "./backend/backend-client";
import { env } from "./env";
import { AppError } from "./errors";
import { processSingleton } from "./process-singleton";
import { callRpc, serverSupabase } from "./supabase";

type Health = z.infer<typeof healthReplySchema>;

const keptForMs = 2_000;
const patienceMs = 3_000;

/** Asks the database, Realtime and the training backend; an answer is kept for 2 s. */
export async function checkHealth(): Promise<Health> {
  const kept = processSingleton("health", () => ({
    at: 0,
    health: null as Promise<Health> | null,
  }));
  if (kept.health === null || Date.now() - kept.at > keptForMs) {
    kept.at = Date.now();
    kept.health = askAll();
  }
  return kept.health;
}

async function askAll(): Promise<Health> {
  const [database, realtime, backend] = await Promise.all([
    verdict(callRpc("job_transitions", {})),
    verdict(joinRealtime()),
    env().TRAINING_BACKEND_URL
      ? verdict(callBackend("/v1/health", { timeoutMs: patienceMs }))
      : "not set up",
  ]);
  const up = [database, realtime, backend].every((word) => word === "ok" || word === "not set up");
  return { status: up ? "ok" : "degraded", version, database, realtime, backend };
}

async function verdict(question: Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("down: no answer in time"), patienceMs);
  });
  try {
    return await Promise.race([question.then(() => "ok"), late]);
  } catch (error) {
    return `down: ${error instanceof AppError ? error.message : "no good answer"}`;
  } finally {
    clearTimeout(timer);
  }
}

/** Joins a topic of its own and leaves it again, as every subscription does. */
async function joinRealtime(): Promise<void> {
  const supabase = serverSupabase();
  const channel = supabase.channel(`health:${randomUUID()}`, { config: { private: true } });
  try {
    await new Promise<void>((resolve, reject) => {
      channel.subscribe((status, error) => {
        if (status === "SUBSCRIBED") resolve();
        else if (status !== "CLOSED") reject(error ?? new Error(status));
      });
    });
  } finally {
    await supabase.removeChannel(channel);
  }
}
