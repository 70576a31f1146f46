"use client";

import { ChevronRight } from "lucide-react";
import type { CSSProperties } from "react";
import { cn } from "@/components/ui/cn";
import { valueLabel } from "@/lib/compare/run-value";
import type { RunGroup } from "@/lib/contracts/job";
import { formatInteger } from "@/lib/format/number";

interface GroupRowProps {
  group: RunGroup;
  folded: boolean;
  /** The field that groups, such as `config.batch_size`. */
  by: string;
  style: CSSProperties;
  onFold: (key: string) => void;
}

/** The heading above a group's runs; folds them away. */
export function GroupRow({ group, folded, by, style, onFold }: GroupRowProps) {
  const title = by.replace(/^(config|latest)\./, "");
  return (
    <tr
      data-group={group.key}
      style={{ ...style, display: "block" }}
      className="absolute inset-x-0 top-0 border-b border-line bg-sunken"
    >
      <th scope="rowgroup" className="block h-full font-normal">
        <button
          type="button"
          aria-expanded={!folded}
          onClick={() => onFold(group.key)}
          className="flex size-full items-center gap-2 px-3 text-left text-xs text-muted hover:text-ink sm:px-4"
        >
          <ChevronRight
            aria-hidden
            className={cn("size-3.5 transition-transform", !folded && "rotate-90")}
          />
          {title}
          <b className="font-medium text-ink">{valueLabel(title, group.value)}</b>
          <span className="nums text-faint">
            {formatInteger(group.count)} {group.count === 1 ? "run" : "runs"}
          </span>
        </button>
      </th>
    </tr>
  );
}
