import type { Command } from "@signalbox/protocol/job/command";
import { ownValue } from "@signalbox/protocol/wire/json";
import { formatLearningRate, formatMetric, isLearningRate } from "./number.ts";

/** A parameter's value, in the notation for its name. */
export function formatParam(name: string, value: unknown): string {
  if (typeof value === "number") {
    return isLearningRate(name) ? formatLearningRate(value) : formatMetric(value);
  }
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

/** A change of live parameters, short (`lr → 1.5e-3`) and in full. */
export function paramChanges(command: Pick<Command, "args" | "old" | "new">): {
  label: string;
  title: string;
} {
  const entries = Object.entries(command.new ?? command.args).filter(([, v]) => v !== null);
  const short = (name: string) => (isLearningRate(name) ? "lr" : name);
  const label = entries.map(([k, v]) => `${short(k)} → ${formatParam(k, v)}`).join(", ");
  const title = entries
    .map(([key, value]) => {
      const before = command.old ? ownValue(command.old, key) : undefined;
      const from = before === undefined || before === null ? "" : `${formatParam(key, before)} `;
      return `${key.replaceAll("_", " ")} ${from}→ ${formatParam(key, value)}`;
    })
    .join(", ");
  return { label: label || "params", title: title || "parameters changed" };
}
