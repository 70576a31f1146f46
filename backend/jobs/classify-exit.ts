import { readFileSync } from "node:fs";
import { type Outcome, outcomeSchema } from "../trainers/runtime/messages.ts";

/** What the backend wanted from a process when it ended. */
export type Intent = "train" | "stop" | "shutdown" | "rejected";

export interface Exit {
  /** What the process recorded just before it ended; null if it did not get that far. */
  outcome: Outcome | null;
  code: number | null;
  signal: string | null;
  intent: Intent;
  /** The last lines it printed to stderr. */
  stderr: readonly string[];
}

export type Verdict =
  | { status: "succeeded" | "cancelled" | "paused"; error: null }
  | { status: "failed"; error: string }
  /** Not finished: training continues when the backend restarts. */
  | { status: "active"; error: null };

/** Derives the job's status from how its process ended and from what the backend wanted. */
export function classifyExit({ outcome, code, signal, intent, stderr }: Exit): Verdict {
  switch (outcome?.outcome) {
    case "succeeded":
      return { status: "succeeded", error: null };
    case "released":
      return { status: "paused", error: null };
    case "cancelled":
      return { status: "cancelled", error: null };
    case "failed":
      return { status: "failed", error: outcome.error ?? "the trainer failed" };
    case "interrupted":
      if (intent === "shutdown") return { status: "active", error: null };
      if (intent === "train") {
        return { status: "failed", error: "The trainer process was terminated from outside." };
      }
      return { status: "cancelled", error: null };
    case undefined:
      break;
  }
  if (intent === "shutdown") return { status: "active", error: null };
  if (intent !== "train") return { status: "cancelled", error: null };
  const how = signal ? `by signal ${signal}` : `with exit code ${code}`;
  const trace = stderr.length > 0 ? `\n${stderr.join("\n")}` : "";
  return { status: "failed", error: `The trainer process ended unexpectedly ${how}.${trace}` };
}

export function readOutcome(path: string): Outcome | null {
  try {
    return outcomeSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
