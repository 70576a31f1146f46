import { AppError } from "../errors";
import { callRpc } from "../rpc/call-rpc";
import { type BackendRequest, callBackend } from "./backend-client";
import { backendUrls, findBackend, respondingBackends } from "./backends";

/** A backend has the job that this server does not know, or that has not answered it yet. */
export class OtherBackendError extends AppError {
  constructor() {
    super(
      "backend_unavailable",
      "Another training backend has this run, and this server cannot reach it. List all backends in TRAINING_BACKEND_URL.",
    );
  }
}

/** The id of the backend that has the job; null if it was given to none. */
export async function readJobBackend(userId: string, jobId: string): Promise<string | null> {
  const args = { p_user_id: userId, p_job_id: jobId, p_backend: null };
  return (await callRpc("job_backend", args)).backend;
}

/**
 * The address of the backend that is to run the job. Once given to a backend a job stays with it, so
 * that several servers never start it twice; the least busy one gets it, or the one that has the
 * job that it starts from.
 * @throws AppError backend_unavailable
 */
export async function assignBackend(
  userId: string,
  jobId: string,
  sourceId: string | null,
): Promise<string> {
  const given = await readJobBackend(userId, jobId);
  if (given !== null) return addressOf(given);
  const source = sourceId === null ? null : await readJobBackend(userId, sourceId);
  const [leastBusy, ...others] = await respondingBackends();
  const fitting = [leastBusy, ...others].find(({ id }) => id === source);
  if (source !== null && !fitting && others.length > 0) throw new OtherBackendError();
  const chosen = fitting ?? leastBusy;
  const { backend } = await callRpc("job_backend", {
    p_user_id: userId,
    p_job_id: jobId,
    p_backend: chosen.id,
  });
  return backend === null || backend === chosen.id ? chosen.url : addressOf(backend);
}

/**
 * One request about a job to the backend that has it. A job that was started before backends were
 * noted is asked for at each.
 * @throws AppError as callBackend
 */
export async function callBackendOf(
  backend: string | null,
  path: `/v1/${string}`,
  request: BackendRequest,
): Promise<unknown> {
  if (backend !== null) return callBackend(await addressOf(backend), path, request);
  let missing: unknown;
  for (const url of backendUrls()) {
    try {
      return await callBackend(url, path, request);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "not_found") throw error;
      missing = error;
    }
  }
  throw missing;
}

async function addressOf(backend: string): Promise<string> {
  const url = await findBackend(backend);
  if (url === null) throw new OtherBackendError();
  return url;
}
