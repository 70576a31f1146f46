import type { ConfigProperty, ConfigSchema } from "@/lib/api/capabilities";
import { parseNumber } from "../ui/parse-number.ts";

export type FieldValue = string | boolean;

export interface ConfigField {
  name: string;
  label: string;
  help: string | undefined;
  kind: "number" | "integer" | "text" | "boolean" | "choice" | "json";
  group: string;
  required: boolean;
  /** What an untouched form holds, as text for everything that is typed. */
  initial: FieldValue;
  min: number | undefined;
  max: number | undefined;
  exclusiveMin: boolean;
  exclusiveMax: boolean;
  /** Spans orders of magnitude, as learning rates do: arrow keys halve and double. */
  logarithmic: boolean;
  unit: string | undefined;
  maxLength: number | undefined;
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

function kindOf(property: ConfigProperty): ConfigField["kind"] {
  if (property.enum) return "choice";
  if (property.type === "number" || property.type === "integer" || property.type === "boolean") {
    return property.type;
  }
  return property.type === "array" || property.type === "object" ? "json" : "text";
}

function initialOf(kind: ConfigField["kind"], value: unknown): FieldValue {
  if (kind === "boolean") return value === true;
  if (value === undefined || value === null) return "";
  if (kind === "json") return JSON.stringify(value);
  return typeof value === "number" ? formatTyped(value) : String(value);
}

/** A number as it stands in an input: `3e-3` rather than `0.003`, `2000` without a comma. */
export function formatTyped(value: number): string {
  if (Number.isSafeInteger(value) || Math.abs(value) >= 0.01) return String(value);
  return value.toExponential().replace("e+", "e");
}

function toField(name: string, property: ConfigProperty, required: boolean): ConfigField {
  const kind = kindOf(property);
  const min = property.minimum ?? property.exclusiveMinimum;
  const max = property.maximum ?? property.exclusiveMaximum;
  return {
    name,
    label: property.title ?? titleOf(name),
    help: property.description,
    kind,
    group: property["x-group"] ?? "Settings",
    required,
    initial: initialOf(kind, property.default),
    min,
    max,
    exclusiveMin: property.minimum === undefined && property.exclusiveMinimum !== undefined,
    exclusiveMax: property.maximum === undefined && property.exclusiveMaximum !== undefined,
    logarithmic:
      kind === "number" && typeof property.default === "number" && property.default < 0.1,
    unit: property["x-unit"],
    maxLength: property.maxLength,
    options: property.enum ?? [],
    isRun: property["x-widget"] === "run" || /_from_job$/.test(name),
  };
}

/** The fields of a trainer's declared config schema, in their groups, in the declared order. */
export function fieldGroups(schema: ConfigSchema): FieldGroup[] {
  const entries = Object.entries(schema.properties).sort(
    ([, a], [, b]) => (a["x-order"] ?? Infinity) - (b["x-order"] ?? Infinity) || 0,
  );
  const groups = new Map<string, FieldGroup>();
  for (const [name, property] of entries) {
    const field = toField(name, property, schema.required.includes(name));
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

/** `8–256`, `≥ 1`: what may be typed, for the corner of the label. */
export function rangeHint({ min, max }: Pick<ConfigField, "min" | "max">): string | undefined {
  if (min !== undefined && max !== undefined) return `${formatTyped(min)} – ${formatTyped(max)}`;
  if (min !== undefined) return `≥ ${formatTyped(min)}`;
  return max === undefined ? undefined : `≤ ${formatTyped(max)}`;
}

type Checked = { value: unknown } | { error: string };

function checkNumber(field: ConfigField, text: string): Checked {
  const value = parseNumber(text);
  if (value === null) return { error: "Not a number." };
  if (field.kind === "integer" && !Number.isInteger(value)) return { error: "A whole number." };
  const { min, max, exclusiveMin, exclusiveMax } = field;
  if (min !== undefined && (exclusiveMin ? value <= min : value < min)) {
    return { error: `${exclusiveMin ? "More than" : "At least"} ${formatTyped(min)}.` };
  }
  if (max !== undefined && (exclusiveMax ? value >= max : value > max)) {
    return { error: `${exclusiveMax ? "Less than" : "At most"} ${formatTyped(max)}.` };
  }
  return { value };
}

function checkJson(text: string): Checked {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return { error: "Not valid JSON." };
  }
}

function check(field: ConfigField, value: FieldValue): Checked {
  if (typeof value === "boolean") return { value };
  if (value.trim() === "") {
    if (field.required) return { error: "Needs a value." };
    if (field.initial !== "" && field.kind !== "text") return { error: "Needs a value." };
    return { value: undefined };
  }
  if (field.kind === "number" || field.kind === "integer") return checkNumber(field, value);
  if (field.kind === "json") return checkJson(value);
  if (field.kind === "choice") {
    return { value: field.options.find((option) => String(option) === value) ?? value };
  }
  if (field.maxLength !== undefined && value.length > field.maxLength) {
    return { error: `At most ${field.maxLength} characters.` };
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
