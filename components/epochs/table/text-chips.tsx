"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { formatInteger } from "@/lib/format/number";

interface TextChipsProps {
  label: string;
  texts: readonly { text: string; label: string; count: number }[];
  value: string | null;
  onValueChange: (value: string | null) => void;
}

/** The texts of a score as buttons, of which one or none is pressed. */
export function TextChips({ label, texts, value, onValueChange }: TextChipsProps) {
  return (
    <div>
      <p className="mb-1 truncate text-xs text-muted">{label}</p>
      <ToggleGroup
        aria-label={label}
        value={value === null ? [] : [value]}
        onValueChange={([next]: string[]) => onValueChange(next ?? null)}
        className="flex flex-wrap gap-1"
      >
        {texts.map((each) => (
          <Toggle
            key={each.text}
            value={each.text}
            className="flex h-6 max-w-full items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2 text-xs text-muted hover:text-ink data-pressed:border-accent-ink/50 data-pressed:bg-accent-soft data-pressed:text-ink pointer-coarse:h-8"
          >
            <bdi className="truncate">{each.label}</bdi>
            <span className="nums text-faint">{formatInteger(each.count)}</span>
          </Toggle>
        ))}
      </ToggleGroup>
    </div>
  );
}
