"use client";

import { ChartLine, Sheet } from "lucide-react";
import { type ReactNode, useState } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Tooltip } from "@/components/ui/overlays/tooltip";
import { type TrendId, trendText } from "@/lib/predictions/trends/trend-measures";

interface TrendCardProps {
  id: TrendId;
  /** The value at the selected epoch, and how it changed. */
  reading: ReactNode;
  chart: ReactNode;
  table: ReactNode;
}

/** One measure: its value at the selected epoch, its chart and its table. */
export function TrendCard({ id, reading, chart, table }: TrendCardProps) {
  const [asTable, setAsTable] = useState(false);
  const { title, help } = trendText(id);
  return (
    <section
      aria-label={title}
      data-trend={id}
      className="flex h-46 min-w-0 flex-col rounded-lg border border-line bg-surface"
    >
      <header className="flex items-start justify-between pt-1.5 pr-1.5 pl-3">
        <div className="min-w-0">
          <Tooltip content={help}>
            <h3 className="truncate text-sm font-medium text-muted">{title}</h3>
          </Tooltip>
          <p className="nums flex items-baseline gap-2 whitespace-nowrap">{reading}</p>
        </div>
        <IconButton
          label={asTable ? "Show chart" : "Show table"}
          size="sm"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? <ChartLine /> : <Sheet />}
        </IconButton>
      </header>
      <div className="min-h-0 flex-1">{asTable ? table : chart}</div>
    </section>
  );
}
