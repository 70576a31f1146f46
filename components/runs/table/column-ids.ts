import {
  isValueField,
  type JobSort,
  jobGroups,
  type SortKey,
  type ValueField,
} from "@signalbox/protocol/job/run-field";
import type { ColumnSort } from "@/components/table/column";

export type { SortKey };

/** The columns that every run has, in their default order. */
export const columnIds = [
  "state",
  "progress",
  "step",
  "metric",
  "epochs",
  "kind",
  "started",
  "duration",
  "tags",
  "model",
  "created",
  "updated",
  "attempt",
  "notes",
  "id",
] as const;
export type FixedColumn = (typeof columnIds)[number];
/** A column: one of every run's, a config key or the latest value of a series. */
export type ColumnId = FixedColumn | ValueField;

export function isColumn(text: string): text is ColumnId {
  return isValueField(text) || columnIds.some((id) => id === text);
}

export function columnTitle(id: ColumnId | "name"): string {
  return isValueField(id) ? id.replace(/^(config|latest)\./, "") : columnTitles[id];
}

export const defaultColumns: readonly ColumnId[] = [
  "state",
  "progress",
  "step",
  "metric",
  "epochs",
  "kind",
  "started",
  "duration",
  "tags",
];

/** The fields of every run that can group the list, with their titles. */
export const groupTitles: Record<(typeof jobGroups)[number], string> = {
  status: "State",
  kind: "Kind",
  model: "Model",
  dataset: "Dataset",
};

/** The title of a field that groups the list, such as `config.batch_size`. */
export function groupTitle(field: string): string {
  const group = jobGroups.find((each) => each === field);
  return group ? groupTitles[group] : field.replace(/^(config|latest)\./, "");
}

const columnTitles: Record<FixedColumn | "name", string> = {
  name: "Name",
  state: "State",
  progress: "Progress",
  step: "Epoch · step",
  metric: "Loss / reward",
  epochs: "Epochs",
  kind: "Kind",
  started: "Started",
  duration: "Duration",
  tags: "Tags",
  model: "Model",
  created: "Created",
  updated: "Updated",
  attempt: "Attempt",
  notes: "Notes",
  id: "ID",
};

/** Grid tracks; flexible columns share the remaining width. */
const columnTracks: Record<FixedColumn | "name", string> = {
  name: "minmax(11rem, 1.5fr)",
  state: "7rem",
  progress: "minmax(13.5rem, 1fr)",
  step: "10.5rem",
  metric: "12rem",
  epochs: "6rem",
  kind: "3.75rem",
  started: "6.25rem",
  duration: "5.5rem",
  tags: "minmax(6rem, 1fr)",
  model: "minmax(8rem, 1fr)",
  created: "6.25rem",
  updated: "6.25rem",
  attempt: "5rem",
  notes: "minmax(9rem, 1fr)",
  id: "minmax(9rem, 1fr)",
};

/** The track of the boxes that select a run. */
export const selectTrack = "2.25rem";

/** A column's track in the table's grid. */
export function columnTrack(id: ColumnId | "name"): string {
  return isValueField(id) ? "8.5rem" : columnTracks[id];
}

const columnSorts: Partial<Record<FixedColumn | "name", JobSort>> = {
  name: "name",
  state: "status",
  progress: "progress",
  step: "step",
  started: "started",
  duration: "duration",
  model: "model",
  created: "created",
  updated: "updated",
};

/** The orders of a column; names start from A, everything else with the highest. */
export function columnSort(id: ColumnId | "name"): ColumnSort<SortKey> | undefined {
  const by = isValueField(id) ? id : columnSorts[id];
  if (by === undefined) return undefined;
  const isText = by === "name" || by === "status" || by === "model" || by.startsWith("config.");
  return { ascending: by, descending: `-${by}`, first: isText ? "ascending" : "descending" };
}
