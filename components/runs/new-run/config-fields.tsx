"use client";

import { useId } from "react";
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

interface ConfigFieldsProps {
  groups: readonly FieldGroup[];
  values: Record<string, FieldValue>;
  errors: Record<string, string>;
  onChange: (name: string, value: FieldValue) => void;
  /** Ids of runs that a field may start from. */
  runIds: readonly string[];
}

/** A trainer's settings, in the groups and order that it declares. */
export function ConfigFields({ groups, values, errors, onChange, runIds }: ConfigFieldsProps) {
  return groups.map((group) => (
    <fieldset key={group.title} className="min-w-0 border-t border-line pt-4">
      <legend className="float-left mb-3 text-xs font-medium text-faint">{group.title}</legend>
      <div className="clear-both grid gap-x-4 gap-y-4 sm:grid-cols-2">
        {group.fields.map((field) => (
          <OneField
            key={field.name}
            field={field}
            value={values[field.name] ?? field.initial}
            error={errors[field.name]}
            onChange={(value) => onChange(field.name, value)}
            runIds={runIds}
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
  runIds: readonly string[];
}

function OneField({ field, value, error, onChange, runIds }: OneFieldProps) {
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
      <Control field={field} value={value} onChange={onChange} runIds={runIds} />
    </Field>
  );
}

function Control({ field, value, onChange, runIds }: Omit<OneFieldProps, "error">) {
  const listId = useId();
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
  return (
    <>
      <Input
        value={value}
        onValueChange={onChange}
        autoComplete="off"
        list={field.isRun ? listId : undefined}
        className={field.isRun ? "font-mono text-xs" : ""}
      />
      {field.isRun ? (
        <datalist id={listId}>
          {runIds.map((id) => (
            <option key={id} value={id} />
          ))}
        </datalist>
      ) : null}
    </>
  );
}
