import type { Job } from "@signalbox/protocol/job/job";
import { backendCapabilities } from "../backend/capabilities";
import { AppError } from "../errors";
import { callRpc } from "../rpc/call-rpc";

/**
 * Refuses a job whose config names a run to start from that is not the user's own run on the training
 * backend. Somebody else's run is refused exactly as a missing one. Returns the id of that run, if any.
 * @throws AppError unsupported, naming the field; backend_unavailable
 */
export async function requireOwnSource(
  userId: string,
  { kind, config }: Job,
): Promise<string | null> {
  const { trainers } = await backendCapabilities();
  const fields = trainers.find((trainer) => trainer.kind === kind)?.config_schema.properties ?? {};
  let found: string | null = null;
  for (const [name, field] of Object.entries(fields)) {
    const source = config[name];
    if (field["x-widget"] !== "run" || typeof source !== "string") continue;
    const stored = await callRpc("get_job", { p_user_id: userId, p_job_id: source });
    // An attached run's id is chosen by its client, and may be the id of somebody else's run there.
    if (stored?.job.managed !== true) throw sourceNotFound(`config.${name}`);
    found = source;
  }
  return found;
}

function sourceNotFound(field: string): AppError {
  const message = "run not found on this backend";
  return new AppError("unsupported", `${field}: ${message}`, { details: [{ field, message }] });
}
