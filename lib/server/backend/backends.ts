import { backendHealthSchema } from "@signalbox/protocol/service/backend";
import { env } from "../env";
import { AppError } from "../errors";
import { processSingleton } from "../process-singleton";
import { callBackend } from "./backend-client";

/** A training backend that the environment names. */
export interface Backend {
  url: string;
  /** What it says it is, whatever its address; its address for one that says nothing. */
  id: string;
  /** How many are running or waiting. */
  jobs: number;
}

const timeoutMs = 3_000;

/**
 * The addresses of the training backends.
 * @throws AppError backend_unavailable where none is set
 */
export function backendUrls(): [string, ...string[]] {
  const [first, ...more] = env().TRAINING_BACKEND_URL ?? [];
  if (first !== undefined) return [first, ...more];
  throw new AppError(
    "backend_unavailable",
    "No training backend is configured. Set TRAINING_BACKEND_URL and TRAINING_BACKEND_TOKEN.",
  );
}

/**
 * The backends that respond, the least busy first.
 * @throws AppError backend_unavailable where none does
 */
export async function respondingBackends(): Promise<[Backend, ...Backend[]]> {
  const asked = await Promise.allSettled(backendUrls().map(askBackend));
  const [first, ...more] = asked
    .flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []))
    .sort((a, b) => a.jobs - b.jobs);
  if (first) return [first, ...more];
  throw asked.find((answer) => answer.status === "rejected")?.reason;
}

/** The address of the backend with this id; null where no address is known to be that backend's. */
export async function findBackend(id: string): Promise<string | null> {
  const urls = backendUrls();
  const answers = await Promise.allSettled(urls.map(askBackend));
  const known = lastIds();
  const url = urls.find((each, index) => {
    const answer = answers[index];
    return (answer?.status === "fulfilled" ? answer.value.id : known.get(each)) === id;
  });
  if (url !== undefined) return url;
  // The only one may have moved without having an id to tell.
  const [only, ...others] = urls;
  return others.length === 0 && known.get(only) === only ? only : null;
}

/**
 * Asks a backend for what it is and how busy.
 * @throws AppError backend_unavailable, also for an invalid reply
 */
export async function askBackend(url: string): Promise<Backend> {
  const parsed = backendHealthSchema.safeParse(await callBackend(url, "/v1/health", { timeoutMs }));
  if (!parsed.success) {
    throw new AppError("backend_unavailable", "The training backend sent an invalid reply.");
  }
  const { id = url, active_jobs, waiting_jobs } = parsed.data;
  lastIds().set(url, id);
  return { url, id, jobs: active_jobs + waiting_jobs };
}

/** The id that each address had when it last answered this process. */
function lastIds(): Map<string, string> {
  return processSingleton("backend-ids", () => new Map());
}
