import {
  isValueField,
  type JobSort,
  type SortKey,
  type ValueField,
} from "@signalbox/protocol/run-field";

export type { JobSort, SortKey };

/** The columns that every run has, in their usual order. */
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

/** The columns with one of them at another place. */
export function moveColumn(columns: readonly ColumnId[], from: number, to: number): ColumnId[] {
  const next = [...columns];
  const [moved] = next.splice(from, 1);
  if (moved) next.splice(Math.max(0, Math.min(next.length, to)), 0, moved);
  return next;
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
  id: "Id",
};

/** Track sizes of the table's grid; names and tags take what is left. */
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

const nominal: Record<FixedColumn | "name", number> = {
  name: 176,
  state: 112,
  progress: 216,
  step: 168,
  metric: 192,
  epochs: 96,
  kind: 60,
  started: 100,
  duration: 88,
  tags: 96,
  model: 128,
  created: 100,
  updated: 100,
  attempt: 80,
  notes: 144,
  id: 144,
};

const trackOf = (id: ColumnId | "name") => (isValueField(id) ? "8.5rem" : columnTracks[id]);
const widthOf = (id: ColumnId | "name") => (isValueField(id) ? 136 : nominal[id]);

/** The grid of a row: its tracks, and the width below which the table scrolls sideways. */
export function rowGrid(columns: readonly ColumnId[]) {
  const all = ["name", ...columns] as const;
  return {
    gridTemplateColumns: `2.25rem ${all.map(trackOf).join(" ")}`,
    minWidth: 36 + 12 + all.reduce((sum, id) => sum + widthOf(id), 0),
  };
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

/** What a column sorts by; undefined where it does not. */
export function columnSort(id: ColumnId | "name"): JobSort | ValueField | undefined {
  return isValueField(id) ? id : columnSorts[id];
}
