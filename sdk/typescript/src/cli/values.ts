import { usageError } from "./exit.ts";

/**
 * `learning_rate=1.5e-3` → `["learning_rate", 0.0015]`; `true` and `false` are truth values.
 * @throws CliError for anything without a name and `=`
 */
export function parseAssignment(text: string): [string, number | string | boolean] {
  const at = text.indexOf("=");
  const name = text.slice(0, at).trim();
  if (at < 1 || name === "") throw usageError(`“${text}” is no name=value.`);
  return [name, parseValue(text.slice(at + 1).trim())];
}

function parseValue(text: string): number | string | boolean {
  if (text === "true") return true;
  if (text === "false") return false;
  const number = Number(text);
  return text !== "" && Number.isFinite(number) ? number : text;
}

/** An option's number; commander hands over the text. */
export function numberOption(limits: { min: number; max?: number; whole?: boolean }) {
  return (text: string): number => {
    const { min, max = Number.MAX_SAFE_INTEGER, whole = true } = limits;
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const kind = whole ? "a whole number" : "a number";
    const good = whole ? Number.isInteger(value) : Number.isFinite(value);
    if (good && value >= min && value <= max) return value;
    const to = max === Number.MAX_SAFE_INTEGER ? " or more" : ` to ${max}`;
    throw usageError(`“${text}” must be ${kind}, ${min}${to}.`);
  };
}

/** Collects an option that may be repeated, each time with values between commas. */
export function listOption(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(",").filter((part) => part !== "")];
}
