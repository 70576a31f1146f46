import { readFileSync } from "node:fs";
import { type Outcome, outcomeSchema } from "../trainers/runtime/protocol.ts";

/** What the backend had asked of a process before it ended. */
export type Intent = "train" | "stop" | "shutdown" | "disowned";

export interface Exit {
  /** What the process wrote down itself just before it ended; null if it did not get that far. */
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
  /** Still to be trained: it goes on when the backend is back. */
  | { status: "active"; error: null };

/** Reads the end of a process against what was asked of it. */
export function readExit({ outcome, code, signal, intent, stderr }: Exit): Verdict {
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
        return { status: "failed", error: "The trainer's process was ended from outside." };
      }
      return { status: "cancelled", error: null };
    case undefined:
      break;
  }
  if (intent === "shutdown") return { status: "active", error: null };
  if (intent !== "train") return { status: "cancelled", error: null };
  const how = signal ? `by signal ${signal}` : `with exit code ${code}`;
  const trace = stderr.length > 0 ? `\n${stderr.join("\n")}` : "";
  return { status: "failed", error: `The trainer's process ended unexpectedly ${how}.${trace}` };
}

export function readOutcome(path: string): Outcome | null {
  try {
    return outcomeSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
