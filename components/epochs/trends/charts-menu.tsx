"use client";

import { isScoreField } from "@signalbox/protocol/data/score";
import { ChartColumn } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/overlays/popover";
import { type TrendId, trendText } from "@/lib/predictions/trends/trend-measures";
import { ChoiceList } from "../choice-list";

interface ChartsMenuProps {
  all: readonly TrendId[];
  shown: readonly TrendId[];
  /** Whether the shown ones are the defaults. */
  isDefault: boolean;
  /** Null resets to the defaults. */
  onChange: (shown: TrendId[] | null) => void;
}

/** Chooses which measures and scores have a chart. */
export function ChartsMenu({ all, shown, isDefault, onChange }: ChartsMenuProps) {
  return (
    <Popover
      title="Charts"
      align="end"
      trigger={
        <Button size="sm" className="font-normal text-muted">
          <ChartColumn aria-hidden />
          Charts
          <span className="nums">
            {shown.length === all.length ? all.length : `${shown.length} of ${all.length}`}
          </span>
        </Button>
      }
    >
      <ChoiceList
        noun="charts"
        choices={all.map((id) => ({
          id,
          label: trendText(id).title,
          ...(isScoreField(id) ? { note: "score" } : {}),
        }))}
        chosen={shown}
        onChange={onChange}
        onReset={isDefault ? null : () => onChange(null)}
      />
    </Popover>
  );
}
