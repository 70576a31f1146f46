"use client";

import { betterDirection, type MeasureField } from "@signalbox/protocol/data/score";
import { ArrowDown, ArrowUp, ChevronDown } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuGroup, MenuRadioGroup, MenuSeparator } from "@/components/ui/overlays/menu";
import type { Comparing } from "@/lib/predictions/scores/epoch-measures";
import { measureTitle } from "@/lib/predictions/scores/measure-value";
import type { EpochParams } from "../use-epoch-params";

interface CompareByMenuProps {
  epochs: EpochParams;
  comparing: Comparing;
  fields: readonly MeasureField[];
}

/** The measure that “worst”, “improved” and the change go by, and which values of it are better. */
export function CompareByMenu({ epochs, comparing, fields }: CompareByMenuProps) {
  const { by, better } = comparing;
  const options = fields.includes(by) ? fields : [by, ...fields];
  if (options.length < 2) return null;
  const Arrow = better === "higher" ? ArrowUp : ArrowDown;
  return (
    <Menu
      trigger={
        <Button
          size="sm"
          aria-label={`Compare by ${measureTitle(by)}, ${better} is better`}
          className="max-w-44 font-normal text-muted"
        >
          by <span className="truncate text-ink">{measureTitle(by)}</span>
          <Arrow aria-hidden className="text-faint" />
          <ChevronDown aria-hidden className="-mr-1 text-faint" />
        </Button>
      }
    >
      <MenuGroup label="Better is">
        <MenuRadioGroup
          value={better}
          onValueChange={(next) =>
            void epochs.set({ by, better: next === betterDirection(by) ? null : next })
          }
          options={[
            { value: "higher", label: "Higher", icon: <ArrowUp /> },
            { value: "lower", label: "Lower", icon: <ArrowDown /> },
          ]}
        />
      </MenuGroup>
      <MenuSeparator />
      <MenuGroup label="Compare by">
        <MenuRadioGroup
          value={by}
          onValueChange={(next) => void epochs.set({ by: next, better: null })}
          options={options.map((field) => ({ value: field, label: measureTitle(field) }))}
        />
      </MenuGroup>
    </Menu>
  );
}
