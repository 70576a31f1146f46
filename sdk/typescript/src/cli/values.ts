import { usageError } from "./exit.ts";

/**
 * `learning_rate=1.5e-3` → `["learning_rate", 0.0015]`; `true` and `false` are booleans.
 * @throws CliError without a name and `=`
 */
export function parseAssignment(text: string): [string, number | string | boolean] {
  const at = text.indexOf("=");
  const name = text.slice(0, at).trim();
  if (at < 1 || name === "") throw usageError(`“${text}” is not name=value.`);
  return [name, parseValue(text.slice(at + 1).trim())];
}

function parseValue(text: string): number | string | boolean {
  if (text === "true") return true;
  if (text === "false") return false;
  const number = Number(text);
  return text !== "" && Number.isFinite(number) ? number : text;
}

/** Parses an option's number for commander. */
export function numberOption(limits: { min: number; max?: number; whole?: boolean }) {
  return (text: string): number => {
    const { min, max = Number.MAX_SAFE_INTEGER, whole = true } = limits;
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const type = whole ? "a whole number" : "a number";
    const valid = whole ? Number.isInteger(value) : Number.isFinite(value);
    if (valid && value >= min && value <= max) return value;
    const to = max === Number.MAX_SAFE_INTEGER ? " or more" : ` to ${max}`;
    throw usageError(`“${text}” must be ${type}, ${min}${to}.`);
  };
}

/** Collects a repeatable option whose values may be comma-separated. */
export function listOption(text: string, previous: string[] | undefined): string[] {
  const parts = text.split(",").map((part) => part.trim());
  return [...(previous ?? []), ...parts.filter((part) => part !== "")];
}
