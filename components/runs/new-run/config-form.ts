import type { ConfigField as DeclaredField, TrainerCapability } from "@signalbox/protocol/backend";
import { formatInteger } from "../../../lib/format/number.ts";
import { parseNumber } from "../../ui/inputs/parse-number.ts";

export type ConfigSchema = TrainerCapability["config_schema"];
export type FieldValue = string | boolean;

export interface ConfigField {
  name: string;
  label: string;
  help: string | undefined;
  kind: "number" | "integer" | "text" | "boolean" | "choice";
  group: string;
  required: boolean;
  /** What an untouched form holds, as text for everything that is typed. */
  initial: FieldValue;
  min: number | undefined;
  max: number | undefined;
  /** Spans orders of magnitude, as learning rates do: arrow keys halve and double. */
  logarithmic: boolean;
  options: readonly (string | number)[];
  /** Holds the id of another run. */
  isRun: boolean;
}

export interface FieldGroup {
  title: string;
  fields: ConfigField[];
}

const titleOf = (name: string) => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function kindOf(declared: DeclaredField): ConfigField["kind"] {
  if (declared.enum) return "choice";
  return declared.type === undefined || declared.type === "string" ? "text" : declared.type;
}

function initialOf(kind: ConfigField["kind"], value: unknown): FieldValue {
  if (kind === "boolean") return value === true;
  if (value === undefined || value === null) return "";
  return typeof value === "number" ? formatTyped(value) : String(value);
}

/** A number as it stands in an input: `3e-3` rather than `0.003`, `2000` without a comma. */
export function formatTyped(value: number): string {
  if (Number.isSafeInteger(value) || Math.abs(value) >= 0.01) return String(value);
  return value.toExponential().replace("e+", "e");
}

function toField(name: string, declared: DeclaredField, required: boolean): ConfigField {
  const kind = kindOf(declared);
  return {
    name,
    label: declared.title ?? titleOf(name),
    help: declared.description,
    kind,
    group: declared["x-group"] ?? "Settings",
    required,
    initial: initialOf(kind, declared.default),
    min: declared.minimum,
    max: declared.maximum,
    logarithmic:
      kind === "number" && typeof declared.default === "number" && declared.default < 0.1,
    options: declared.enum ?? [],
    isRun: declared["x-widget"] === "run" || /_from_job$/.test(name),
  };
}

/** The fields of a trainer's declared config schema, in their groups, in the declared order. */
export function fieldGroups(schema: ConfigSchema): FieldGroup[] {
  const entries = Object.entries(schema.properties).sort(
    ([, a], [, b]) => (a["x-order"] ?? Infinity) - (b["x-order"] ?? Infinity) || 0,
  );
  const groups = new Map<string, FieldGroup>();
  for (const [name, declared] of entries) {
    const field = toField(name, declared, schema.required?.includes(name) ?? false);
    const group = groups.get(field.group) ?? { title: field.group, fields: [] };
    group.fields.push(field);
    groups.set(field.group, group);
  }
  return [...groups.values()];
}

export function initialValues(groups: readonly FieldGroup[]): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const { fields } of groups) for (const field of fields) values[field.name] = field.initial;
  return values;
}

/** `8 – 256`, `≥ 1`: what may be typed, for the corner of the label. */
export function rangeHint({ min, max }: Pick<ConfigField, "min" | "max">): string | undefined {
  if (min !== undefined && max !== undefined) return `${bound(min)} – ${bound(max)}`;
  if (min !== undefined) return `≥ ${bound(min)}`;
  return max === undefined ? undefined : `≤ ${bound(max)}`;
}

const bound = (value: number) =>
  Number.isSafeInteger(value) ? formatInteger(value) : formatTyped(value);

type Checked = { value: unknown } | { error: string };

function checkNumber(field: ConfigField, text: string): Checked {
  const value = parseNumber(text);
  if (value === null) return { error: "Not a number." };
  if (field.kind === "integer" && !Number.isInteger(value)) return { error: "A whole number." };
  const { min, max } = field;
  if (min !== undefined && value < min) return { error: `At least ${bound(min)}.` };
  if (max !== undefined && value > max) return { error: `At most ${bound(max)}.` };
  return { value };
}

function check(field: ConfigField, value: FieldValue): Checked {
  if (typeof value === "boolean") return { value };
  if (value.trim() === "") {
    if (field.required) return { error: "Needs a value." };
    if (field.initial !== "" && field.kind !== "text") return { error: "Needs a value." };
    return { value: undefined };
  }
  if (field.kind === "number" || field.kind === "integer") return checkNumber(field, value);
  if (field.kind === "choice") {
    return { value: field.options.find((option) => String(option) === value) ?? value };
  }
  return { value };
}

/** The config to send, and what is wrong by field; fields left empty are left out. */
export function readForm(groups: readonly FieldGroup[], values: Record<string, FieldValue>) {
  const config: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const field of groups.flatMap((group) => group.fields)) {
    const checked = check(field, values[field.name] ?? field.initial);
    if ("error" in checked) errors[field.name] = checked.error;
    else if (checked.value !== undefined) config[field.name] = checked.value;
  }
  return { config, errors };
}
