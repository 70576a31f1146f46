import type { JobKind } from "@signalbox/protocol/job/job";
import type {
  ConfigField as DeclaredField,
  TrainerCapability,
} from "@signalbox/protocol/service/backend";
import { ownValue } from "@signalbox/protocol/wire/json";
import { formatInteger } from "../../../lib/format/number.ts";
import { parseNumber } from "../../ui/inputs/parse-number.ts";

export type ConfigSchema = TrainerCapability["config_schema"];
export type FieldValue = string | boolean;

export interface ConfigField {
  name: string;
  label: string;
  help: string | undefined;
  kind: "number" | "integer" | "text" | "boolean" | "choice" | "run";
  group: string;
  required: boolean;
  /** The value in an untouched form; text for everything that is typed. */
  initial: FieldValue;
  min: number | undefined;
  max: number | undefined;
  /** Spans orders of magnitude, as learning rates do: arrow keys halve and double. */
  logarithmic: boolean;
  options: readonly (string | number)[];
  /** For a field of kind `run`: the kinds of runs that it takes; undefined takes any. */
  runKinds: readonly JobKind[] | undefined;
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
  if (declared["x-widget"] === "run") return "run";
  if (declared.enum) return "choice";
  return declared.type === undefined || declared.type === "string" ? "text" : declared.type;
}

function initialOf(kind: ConfigField["kind"], value: unknown): FieldValue {
  if (kind === "boolean") return value === true;
  if (value === undefined || value === null) return "";
  return typeof value === "number" ? formatTyped(value) : String(value);
}

/** A number as text in an input: `3e-3` instead of `0.003`, `2000` without a comma. */
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
    runKinds: declared["x-run-kinds"],
  };
}

/** The fields of a trainer's config schema, grouped and in the declared order. */
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

/** The allowed range for the corner of the label: `8 – 256`, `≥ 1`. */
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
  if (value === null) return { error: "Enter a number." };
  if (field.kind === "integer" && !Number.isInteger(value))
    return { error: "Enter a whole number." };
  const { min, max } = field;
  if (min !== undefined && value < min) return { error: `Must be at least ${bound(min)}.` };
  if (max !== undefined && value > max) return { error: `Must be at most ${bound(max)}.` };
  return { value };
}

function check(field: ConfigField, value: FieldValue): Checked {
  if (typeof value === "boolean") return { value };
  if (value.trim() === "") {
    const optional = field.initial === "" || field.kind === "text" || field.kind === "run";
    return field.required || !optional ? { error: "Required." } : { value: undefined };
  }
  if (field.kind === "number" || field.kind === "integer") return checkNumber(field, value);
  if (field.kind === "choice") {
    return { value: field.options.find((option) => String(option) === value) ?? value };
  }
  return { value };
}

/** The config to send, without empty fields, and the errors by field. */
export function readForm(groups: readonly FieldGroup[], values: Record<string, FieldValue>) {
  const config: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const field of groups.flatMap((group) => group.fields)) {
    const checked = check(field, ownValue(values, field.name) ?? field.initial);
    if ("error" in checked) errors[field.name] = checked.error;
    else if (checked.value !== undefined) config[field.name] = checked.value;
  }
  return { config, errors };
}
