import type { CommandType } from "@signalbox/protocol/job/command";
import type { Job, JobStatus } from "@signalbox/protocol/job/job";

/** The state that a command's request brings; null for no change. */
type Effect = JobStatus | null;

/** A state, or the same state after the attempt's process has exited. */
export type CommandState = JobStatus | `${JobStatus}/released`;

/**
 * Command → states in which it may be requested → the state that the request brings. Later changes
 * (pausing → paused) are reported by the trainer. A `…/released` entry takes precedence where the
 * process has exited.
 */
export const commandEffects: Record<CommandType, Partial<Record<CommandState, Effect>>> = {
  pause: { running: "pausing" },
  resume: { paused: "queued", failed: "queued" },
  stop: {
    queued: "cancelled",
    starting: "stopping",
    running: "stopping",
    pausing: "stopping",
    paused: "stopping",
    "paused/released": "cancelled",
    lost: "stopping",
  },
  checkpoint: { running: null },
  update_params: { starting: null, running: null, pausing: null, paused: null },
};

const verbs: Record<CommandType, string> = {
  pause: "paused",
  resume: "resumed",
  stop: "stopped",
  checkpoint: "checkpointed",
  update_params: "given new parameters",
};

export type CommandPermission = { allowed: true } | { allowed: false; reason: string };

type JobForCommands = Pick<Job, "status" | "managed" | "attempt_active" | "live_params">;

/** Whether a command may be requested now, else the reason. */
export function commandPermission(job: JobForCommands, type: CommandType): CommandPermission {
  if (!(job.status in commandEffects[type])) {
    return { allowed: false, reason: `A run that is ${job.status} cannot be ${verbs[type]}.` };
  }
  if (type === "resume" && !job.managed && !job.attempt_active) {
    return {
      allowed: false,
      reason:
        "This run was attached by a script whose process has exited. Restart the script to continue.",
    };
  }
  if (type === "update_params" && Object.keys(job.live_params).length === 0) {
    return { allowed: false, reason: "This trainer has no live parameters." };
  }
  if (type === "update_params" && job.status === "paused" && !job.attempt_active) {
    return { allowed: false, reason: "Resume the run first; its process has been released." };
  }
  return { allowed: true };
}

/** The permission of every command, for the buttons and the server's check. */
export function allowedCommands(job: JobForCommands): Record<CommandType, CommandPermission> {
  return {
    pause: commandPermission(job, "pause"),
    resume: commandPermission(job, "resume"),
    stop: commandPermission(job, "stop"),
    checkpoint: commandPermission(job, "checkpoint"),
    update_params: commandPermission(job, "update_params"),
  };
}
