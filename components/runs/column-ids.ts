import type { jobSorts } from "@/lib/contracts/job";

/** Every column of the runs table, in its order. */
export const columnIds = [
  "state",
  "progress",
  "step",
  "metric",
  "kind",
  "started",
  "duration",
  "tags",
  "model",
  "created",
  "updated",
  "attempt",
  "id",
] as const;
export type ColumnId = (typeof columnIds)[number];

export const defaultColumns: readonly ColumnId[] = [
  "state",
  "progress",
  "step",
  "metric",
  "kind",
  "started",
  "duration",
  "tags",
];

export const columnTitles: Record<ColumnId | "name", string> = {
  name: "Name",
  state: "State",
  progress: "Progress",
  step: "Epoch · step",
  metric: "Loss / reward",
  kind: "Kind",
  started: "Started",
  duration: "Duration",
  tags: "Tags",
  model: "Model",
  created: "Created",
  updated: "Updated",
  attempt: "Attempt",
  id: "Id",
};

/** Track sizes of the table's grid; names and tags take what is left. */
export const columnTracks: Record<ColumnId | "name", string> = {
  name: "minmax(11rem, 1.5fr)",
  state: "7rem",
  progress: "minmax(12.5rem, 1fr)",
  step: "10.5rem",
  metric: "12rem",
  kind: "3.75rem",
  started: "6.25rem",
  duration: "5.5rem",
  tags: "minmax(6rem, 1fr)",
  model: "minmax(8rem, 1fr)",
  created: "6.25rem",
  updated: "6.25rem",
  attempt: "5rem",
  id: "minmax(9rem, 1fr)",
};

const nominal: Record<ColumnId | "name", number> = {
  name: 176,
  state: 112,
  progress: 200,
  step: 168,
  metric: 192,
  kind: 60,
  started: 100,
  duration: 88,
  tags: 96,
  model: 128,
  created: 100,
  updated: 100,
  attempt: 80,
  id: 144,
};

/** The grid of a row: its tracks, and the width below which the table scrolls sideways. */
export function rowGrid(columns: readonly ColumnId[]) {
  const all = ["name", ...columns] as const;
  return {
    gridTemplateColumns: `2.25rem ${all.map((id) => columnTracks[id]).join(" ")}`,
    minWidth: 36 + 12 + all.reduce((sum, id) => sum + nominal[id], 0),
  };
}

export type JobSort = (typeof jobSorts)[number];
/** A sort of the list route; a leading `-` turns it round. */
export type SortKey = JobSort | `-${JobSort}`;

/** The columns that sort, and by what. */
export const columnSorts: Partial<Record<ColumnId | "name", JobSort>> = {
  name: "name",
  state: "status",
  progress: "progress",
  started: "started",
  created: "created",
  updated: "updated",
};
