"use client";

import { ownValue } from "@signalbox/protocol/wire/json";
import { Field } from "@/components/ui/inputs/field";
import { Input } from "@/components/ui/inputs/input";
import { NumberField } from "@/components/ui/inputs/number-field";
import { parseNumber } from "@/components/ui/inputs/parse-number";
import { Select } from "@/components/ui/inputs/select";
import { Switch } from "@/components/ui/inputs/switch";
import {
  type ConfigField,
  type FieldGroup,
  type FieldValue,
  formatTyped,
  rangeHint,
} from "./config-form";
import { RunInput } from "./run-input";

interface ConfigFieldsProps {
  groups: readonly FieldGroup[];
  values: Record<string, FieldValue>;
  errors: Record<string, string>;
  onChange: (name: string, value: FieldValue) => void;
}

/** A trainer's settings, in the groups and order that it declares. */
export function ConfigFields({ groups, values, errors, onChange }: ConfigFieldsProps) {
  return groups.map((group) => (
    <fieldset key={group.title} className="min-w-0 border-t border-line pt-4">
      <legend className="float-left mb-3 text-xs font-medium text-faint">{group.title}</legend>
      <div className="clear-both grid gap-x-4 gap-y-4 sm:grid-cols-2">
        {group.fields.map((field) => (
          <OneField
            key={field.name}
            field={field}
            value={ownValue(values, field.name) ?? field.initial}
            error={ownValue(errors, field.name)}
            onChange={(value) => onChange(field.name, value)}
          />
        ))}
      </div>
    </fieldset>
  ));
}

interface OneFieldProps {
  field: ConfigField;
  value: FieldValue;
  error: string | undefined;
  onChange: (value: FieldValue) => void;
}

function OneField({ field, value, error, onChange }: OneFieldProps) {
  const changed = value !== field.initial;
  return (
    <Field
      label={
        <>
          {field.label}
          {changed ? (
            <span className="ml-1 text-accent-ink" title="Changed from the default">
              •<span className="sr-only"> (changed)</span>
            </span>
          ) : null}
        </>
      }
      help={field.help}
      hint={rangeHint(field)}
      error={error}
    >
      <Control field={field} value={value} onChange={onChange} />
    </Field>
  );
}

function Control({ field, value, onChange }: Omit<OneFieldProps, "error">) {
  if (typeof value === "boolean") return <Switch checked={value} onCheckedChange={onChange} />;
  if (field.kind === "choice") {
    return (
      <Select
        value={value}
        onValueChange={onChange}
        options={field.options.map((option) => ({ value: String(option), label: String(option) }))}
      />
    );
  }
  if (field.kind === "number" || field.kind === "integer") {
    return (
      <NumberField
        value={parseNumber(value)}
        onValueChange={(_, text) => onChange(text)}
        min={field.min}
        max={field.max}
        logarithmic={field.logarithmic}
        step={field.kind === "integer" ? 1 : 0.1}
        format={formatTyped}
      />
    );
  }
  if (field.kind === "run") {
    return <RunInput value={value} onValueChange={onChange} kinds={field.runKinds} />;
  }
  return <Input value={value} onValueChange={onChange} autoComplete="off" />;
}
