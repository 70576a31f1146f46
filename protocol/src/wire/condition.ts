/** The comparisons of a condition. */
const conditionOps = [":", "!:", "<", "<=", ">", ">="] as const;
export type ConditionOp = (typeof conditionOps)[number];

/** The right side of a condition, and how it compares. */
export interface Comparison {
  op: ConditionOp;
  /** A number where the text is one. */
  value: number | string;
  text: string;
}

const condition = /^(.+?)(!:|<=|>=|:|<|>)([\s\S]*)$/;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Reads `field:value`, `field<0.5` and so on; null for anything else. In the field's name `%`, `:`,
 * `<`, `>` and `!` are percent-encoded, as `formatCondition` does.
 */
export function parseCondition(input: string): { field: string; comparison: Comparison } | null {
  const [, name, sign, text] = condition.exec(input) ?? [];
  const op = conditionOps.find((each) => each === sign);
  if (name === undefined || op === undefined || text === undefined) return null;
  const number = text.trim() === "" ? Number.NaN : Number(text);
  const comparable = Number.isFinite(number);
  if (!comparable && op !== ":" && op !== "!:") return null;
  return { field: decoded(name), comparison: { op, text, value: comparable ? number : text } };
}

export function formatCondition(field: string, op: ConditionOp, text: string): string {
  const name = field.replace(/[%:<>!]/g, (sign) => encodeURIComponent(sign).replace("!", "%21"));
  return `${name}${op}${text}`;
}
