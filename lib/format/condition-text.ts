import type { Comparison, ConditionOp } from "@signalbox/protocol/wire/condition";

/** How the comparisons of a condition read; the first two compare texts, too. */
export const conditionOps: readonly { value: ConditionOp; label: string }[] = [
  { value: ":", label: "is" },
  { value: "!:", label: "is not" },
  { value: "<", label: "<" },
  { value: "<=", label: "≤" },
  { value: ">", label: ">" },
  { value: ">=", label: "≥" },
];

/** A condition in words: “reward < 0.5”. */
export function conditionText(
  title: string,
  { op, text }: Pick<Comparison, "op" | "text">,
): string {
  return `${title} ${conditionOps.find(({ value }) => value === op)?.label} ${text}`;
}
