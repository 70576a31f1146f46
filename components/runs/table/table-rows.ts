import type { Job, RunGroup } from "@signalbox/protocol/job/job";

/** A row of the table as it is drawn. */
export type RunsTableRow =
  | {
      kind: "run";
      job: Job;
      selected: boolean;
      onSelect: (id: string, selected: boolean, range: boolean) => void;
    }
  | {
      kind: "group";
      group: RunGroup;
      folded: boolean;
      /** The field that groups, such as `config.batch_size`. */
      by: string;
      /** The run that others are compared with. */
      baseline: Job | null;
      onFold: (key: string) => void;
    }
  /** A run whose page has not been read yet. */
  | { kind: "loading" };

/** A line of the table: a group's heading, or the run at a place in the list. */
type TableLine =
  | { kind: "group"; group: RunGroup; folded: boolean }
  | { kind: "run"; place: number };

export interface TableLines {
  count: number;
  at: (line: number) => TableLine;
}

/** The lines of a table of `total` runs, with a heading above each group's runs. */
export function tableLines(
  total: number,
  groups: readonly RunGroup[] | null,
  folded: readonly string[],
): TableLines {
  if (!groups) return { count: total, at: (place) => ({ kind: "run", place }) };
  // The line of each group's heading, and the number of runs above it.
  const starts: { line: number; place: number; group: RunGroup; folded: boolean }[] = [];
  let line = 0;
  let place = 0;
  for (const group of groups) {
    const closed = folded.includes(group.key);
    starts.push({ line, place, group, folded: closed });
    line += 1 + (closed ? 0 : group.count);
    place += closed ? 0 : group.count;
  }
  return {
    count: line,
    at: (wanted) => {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle]?.line ?? 0) <= wanted) low = middle;
        else high = middle - 1;
      }
      const start = starts[low];
      if (!start) return { kind: "run", place: wanted };
      if (start.line === wanted) return { kind: "group", group: start.group, folded: start.folded };
      return { kind: "run", place: start.place + wanted - start.line - 1 };
    },
  };
}
