import type { Command } from "@signalbox/protocol/job/command";
import type { LiveParam } from "@signalbox/protocol/job/job";
import type { UserPrincipal } from "../auth/principal";
import { AppError } from "../errors";
import { loadJob } from "../jobs/load-job";
import { requestCommand } from "./request-command";

/**
 * Requests new values for parameters that the trainer declared as live.
 * @throws AppError unsupported for an undeclared parameter or a value out of range
 */
export async function updateParams(
  principal: UserPrincipal,
  jobId: string,
  params: Record<string, unknown>,
  request: { id?: string; reason?: string },
): Promise<Command> {
  const { job } = await loadJob(principal, jobId);
  if (Object.keys(params).length === 0) {
    throw new AppError("bad_request", "Specify at least one parameter to change.");
  }
  const declared = Object.keys(job.live_params);
  for (const [name, value] of Object.entries(params)) {
    const range = Object.hasOwn(job.live_params, name) ? job.live_params[name] : undefined;
    if (!range) {
      const list = declared.length > 0 ? declared.join(", ") : "none";
      throw new AppError(
        "unsupported",
        `The trainer cannot change “${name}” while it runs. Live parameters: ${list}.`,
        { details: { live_params: job.live_params } },
      );
    }
    requireInRange(name, value, range);
  }
  return requestCommand(principal, jobId, { ...request, type: "update_params", args: params });
}

function requireInRange(name: string, value: unknown, range: LiveParam): void {
  const { min, max } = range;
  const bounded = min !== undefined || max !== undefined;
  if (!bounded) return;
  if (
    typeof value !== "number" ||
    (min !== undefined && value < min) ||
    (max !== undefined && value > max)
  ) {
    throw new AppError(
      "unsupported",
      `“${name}” must be a number from ${min ?? "−∞"} to ${max ?? "∞"}.`,
      { details: { live_params: { [name]: range } } },
    );
  }
}
