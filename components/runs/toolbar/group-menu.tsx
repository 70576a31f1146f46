"use client";

import type { Facets } from "@signalbox/protocol/data/compare";
import { jobGroups } from "@signalbox/protocol/job/run-field";
import { ChevronDown } from "lucide-react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Menu, MenuGroup, MenuRadioGroup } from "@/components/ui/overlays/menu";
import { groupTitle, groupTitles } from "../table/column-ids";

interface GroupMenuProps {
  facets: Facets;
  value: string | null;
  onChange: (field: string | null) => void;
}

const none = "";

/** Chooses the value that groups the runs. */
export function GroupMenu({ facets, value, onChange }: GroupMenuProps) {
  const title = value === null ? null : groupTitle(value);
  return (
    <Menu
      trigger={
        <Button
          size="sm"
          className={cn(
            "font-normal",
            value ? "border-accent-ink/50 bg-accent-soft" : "text-muted",
          )}
        >
          Group
          {title ? <span className="max-w-32 truncate font-medium text-ink">{title}</span> : null}
          <ChevronDown aria-hidden className="-mr-1 text-faint" />
        </Button>
      }
    >
      <MenuRadioGroup
        value={value ?? none}
        onValueChange={(next) => onChange(next === none ? null : next)}
        options={[{ value: none, label: "No grouping" }]}
      />
      <MenuGroup label="By column">
        <MenuRadioGroup
          value={value ?? none}
          onValueChange={onChange}
          options={jobGroups.map((column) => ({ value: column, label: groupTitles[column] }))}
        />
      </MenuGroup>
      {facets.config.length > 0 ? (
        <MenuGroup label="By config value">
          <MenuRadioGroup
            value={value ?? none}
            onValueChange={onChange}
            options={facets.config.map(({ name }) => ({ value: `config.${name}`, label: name }))}
          />
        </MenuGroup>
      ) : null}
    </Menu>
  );
}
