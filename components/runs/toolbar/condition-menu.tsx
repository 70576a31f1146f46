"use client";

import type { Facets } from "@signalbox/protocol/data/compare";
import { parseWhere } from "@signalbox/protocol/job/run-field";
import { type ConditionOp, formatCondition } from "@signalbox/protocol/wire/condition";
import { ListFilter } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ConditionTags } from "@/components/ui/condition-tags";
import { Input } from "@/components/ui/inputs/input";
import { Select } from "@/components/ui/inputs/select";
import { Popover } from "@/components/ui/overlays/popover";
import { conditionOps, conditionText } from "@/lib/format/condition-text";

interface ConditionMenuProps {
  facets: Facets;
  value: readonly string[];
  onChange: (where: string[]) => void;
}

function readable(condition: string): string {
  const where = parseWhere(condition);
  return where ? conditionText(where.name, where) : condition;
}

/** Filters by config and latest values; all conditions must match. */
export function ConditionMenu({ facets, value, onChange }: ConditionMenuProps) {
  const [field, setField] = useState("");
  const [op, setOp] = useState<ConditionOp>(":");
  const [text, setText] = useState("");
  const list = useId();
  const fields = [
    ...facets.config.map(({ name }) => `config.${name}`),
    ...facets.latest.map(({ name }) => `latest.${name}`),
  ];
  // A bare name is looked up in the config first, then in the series.
  const whole = fields.includes(field)
    ? field
    : (fields.find((each) => each.slice(7) === field) ?? field);
  const condition = formatCondition(whole, op, text.trim());
  const valid = parseWhere(condition) !== null && text.trim() !== "";
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!valid) return;
    onChange([...new Set([...value, condition])]);
    setText("");
  };
  return (
    <Popover
      title="Values"
      className="w-80"
      trigger={
        <Button
          size="sm"
          aria-label={value.length > 0 ? `Values: ${value.map(readable).join(", ")}` : "Values"}
          className={cn(
            "font-normal",
            value.length > 0 ? "border-accent-ink/50 bg-accent-soft" : "text-muted",
          )}
        >
          <ListFilter aria-hidden />
          Values
          {value.length > 0 ? (
            <span className="nums font-medium text-ink">{value.length}</span>
          ) : null}
        </Button>
      }
    >
      <form onSubmit={add} className="flex flex-col gap-2">
        <ConditionTags conditions={value} describe={readable} onChange={onChange} />
        <Input
          aria-label="Config key or series"
          placeholder="Config key or series"
          list={list}
          value={field}
          onValueChange={setField}
          className="font-mono text-xs"
        />
        <datalist id={list}>
          {fields.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <div className="flex gap-2">
          <Select
            label="Comparison"
            className="h-8 w-24"
            value={op}
            onValueChange={setOp}
            options={conditionOps}
          />
          <Input
            aria-label="Value"
            placeholder="Value"
            value={text}
            onValueChange={setText}
            className="min-w-0 flex-1"
          />
          <Button type="submit" disabled={!valid}>
            Add
          </Button>
        </div>
      </form>
    </Popover>
  );
}
