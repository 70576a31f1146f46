"use client";

import { isScoreField } from "@signalbox/protocol/data/score";
import { Columns3 } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { Popover } from "@/components/ui/overlays/popover";
import { ChoiceList } from "../choice-list";
import { columnName, type TableColumn } from "./column-ids";

interface ColumnsMenuProps {
  all: readonly TableColumn[];
  shown: readonly TableColumn[];
  defaults: readonly TableColumn[];
  /** Null resets to the defaults. */
  onColumns: (columns: TableColumn[] | null) => void;
}

/** Chooses the columns of the table, scores among them. */
export function ColumnsMenu({ all, shown, defaults, onColumns }: ColumnsMenuProps) {
  const isDefault = (columns: readonly TableColumn[]) => columns.join() === defaults.join();
  return (
    <Popover
      title="Columns"
      titleHidden
      align="end"
      className="w-64"
      trigger={
        <IconButton label="Columns" size="sm">
          <Columns3 />
        </IconButton>
      }
    >
      <ChoiceList
        noun="columns"
        choices={all.map((id) => ({
          id,
          label: columnName(id),
          ...(isScoreField(id) ? { note: "score" } : {}),
        }))}
        chosen={shown}
        onChange={(next) => onColumns(isDefault(next) ? null : next)}
        onReset={isDefault(shown) ? null : () => onColumns(null)}
      />
    </Popover>
  );
}
