import type { Job } from "@signalbox/protocol/job/job";
import type { SortKey } from "@signalbox/protocol/job/run-field";
import type { Column } from "@/components/table/column";
import { Checkbox } from "@/components/ui/inputs/checkbox";
import { type ColumnId, columnSort, columnTitle, columnTrack, selectTrack } from "./column-ids";
import { NameLink } from "./name-link";
import { runCell } from "./run-columns";
import type { RunsTableRow } from "./table-rows";

/** The id of the column with the boxes that select runs. */
export const selectColumn = "select";

/** The columns of the runs table: box and name first, then those that the reader chose. */
export function tableColumns(
  ids: readonly ColumnId[],
  baseline: Job | null,
): Column<RunsTableRow, SortKey>[] {
  const chosen = ids.map((id) => ({
    ...titled(id),
    movable: true,
    cell: (row: RunsTableRow) => (row.kind === "run" ? runCell(id, row.job, baseline) : null),
  }));
  return [
    {
      id: selectColumn,
      title: "",
      width: selectTrack,
      className: "flex pl-3 sm:pl-4",
      cell: (row) => (row.kind === "run" ? <SelectBox {...row} /> : null),
    },
    {
      ...titled("name"),
      rowHeader: true,
      cell: (row) => (row.kind === "run" ? <NameLink job={row.job} /> : null),
    },
    ...chosen,
  ];
}

function titled(id: ColumnId | "name") {
  const sortable = columnSort(id);
  return {
    id,
    title: columnTitle(id),
    width: columnTrack(id),
    ...(sortable ? { sortable } : {}),
  };
}

type SelectBoxProps = Pick<RunsTableRow & { kind: "run" }, "job" | "selected" | "onSelect">;

export function SelectBox({ job, selected, onSelect }: SelectBoxProps) {
  return (
    <Checkbox
      checked={selected}
      aria-label={`Select ${job.name}`}
      onCheckedChange={(checked, { event }) =>
        onSelect(job.id, checked, event instanceof MouseEvent && event.shiftKey)
      }
    />
  );
}
