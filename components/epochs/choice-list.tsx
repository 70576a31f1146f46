"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/inputs/checkbox";
import { Input } from "@/components/ui/inputs/input";

interface Choice<Id extends string> {
  id: Id;
  label: string;
  /** What kind of thing it is, shown beside the label. */
  note?: string;
}

interface ChoiceListProps<Id extends string> {
  /** The noun in the search box: “columns”. */
  noun: string;
  choices: readonly Choice<Id>[];
  chosen: readonly Id[];
  onChange: (chosen: Id[]) => void;
  /** Null while the defaults are chosen. */
  onReset: (() => void) | null;
}

/** Shorter lists have no search box. */
const searchedFrom = 12;

/** Check boxes to choose some of many; the order stays that of the choices. */
export function ChoiceList<Id extends string>(props: ChoiceListProps<Id>) {
  const { noun, choices, chosen, onChange, onReset } = props;
  const [text, setText] = useState("");
  const id = useId();
  const matching = choices.filter(({ label }) => label.toLowerCase().includes(text.toLowerCase()));
  const toggle = (which: Id) =>
    onChange(
      choices.flatMap((choice) =>
        chosen.includes(choice.id) === (choice.id !== which) ? [choice.id] : [],
      ),
    );
  return (
    <div className="flex flex-col gap-2">
      {choices.length > searchedFrom ? (
        <Input
          type="search"
          aria-label={`Search ${noun}`}
          placeholder={`Search ${noun}`}
          value={text}
          onValueChange={setText}
        />
      ) : null}
      <ul className="-mx-1 max-h-80 overflow-y-auto px-1">
        {matching.map((choice) => (
          <li key={choice.id} className="flex h-8 items-center gap-2 text-sm pointer-coarse:h-10">
            <Checkbox
              id={`${id}-${choice.id}`}
              checked={chosen.includes(choice.id)}
              onCheckedChange={() => toggle(choice.id)}
            />
            <label htmlFor={`${id}-${choice.id}`} className="min-w-0 flex-1 truncate">
              {choice.label}
            </label>
            {choice.note ? <span className="text-xs text-faint">{choice.note}</span> : null}
          </li>
        ))}
        {matching.length === 0 ? <li className="text-xs text-muted">No results</li> : null}
      </ul>
      {onReset ? (
        <Button size="sm" onClick={onReset}>
          Reset {noun}
        </Button>
      ) : null}
    </div>
  );
}
