import type { Command, CommandType } from "@signalbox/protocol/job/command";
import { formatInteger } from "./number.ts";
import { paramChanges } from "./params.ts";
import { formatClock } from "./time.ts";

/** Whether a command still waits for the trainer. */
export function isOpen(command: Command): boolean {
  return command.status === "pending" || command.status === "delivered";
}

/** What was requested: `Pause and release`, `learning rate 3e-3 → 1.5e-3`. */
export function commandTitle(command: Pick<Command, "type" | "args" | "old" | "new">): string {
  switch (command.type) {
    case "pause":
      return command.args.mode === "release"
        ? "Pause and release"
        : command.args.mode === "hold"
          ? "Pause and hold"
          : "Pause";
    case "resume":
      return "Resume";
    case "stop":
      return "Stop";
    case "checkpoint":
      return "Save checkpoint";
    case "update_params":
      return paramChanges(command).title;
  }
}

/** The outcome or status of a command: `applied at step 4,310`, `rejected: …`. */
export function commandOutcome(command: Command): string {
  const step =
    command.applied_step === null ? "" : ` at step ${formatInteger(command.applied_step)}`;
  switch (command.status) {
    case "pending":
      return "waiting for the trainer";
    case "delivered":
      return "delivered";
    case "applied":
      return `applied${step}`;
    case "rejected":
      return command.reason ? `rejected: ${command.reason}` : "rejected by the trainer";
    case "expired":
      return command.reason
        ? `expired: ${command.reason}`
        : "expired before the trainer received it";
  }
}

/** The progress of a command: `requested 14:02:11 → delivered → applied at step 4,310`. */
export function commandTrail(command: Command): string {
  const trail = [`requested ${formatClock(command.requested_at)}`];
  if (command.delivered_at !== null && command.status !== "delivered") trail.push("delivered");
  trail.push(commandOutcome(command));
  return trail.join(" → ");
}

/** Seconds from request to application. */
export function commandSeconds(command: Command): number | null {
  if (command.applied_at === null) return null;
  const seconds = (Date.parse(command.applied_at) - Date.parse(command.requested_at)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/** The newest command of a type that the trainer has not answered yet. */
export function openCommand(commands: readonly Command[], type: CommandType): Command | undefined {
  return commands.find((command) => command.type === type && isOpen(command));
}
