"use client";

import { memo, useMemo } from "react";
import type { Highlight } from "@/components/charts/panel/highlight";
import { LinePanel } from "@/components/charts/panel/line-panel";
import { seriesLeaf } from "@/lib/charts/panels/group-panels";
import type { LegendEntry } from "@/lib/charts/panels/legend-entry";
import { visibleText } from "@/lib/format/visible-text";
import type { CompareLines } from "@/lib/hooks/charts/use-compare-lines";
import type { CompareParams } from "../use-compare-params";
import { CompareReadout } from "./compare-readout";

/** Name and style of a line: a run, or a group of runs. */
export type DrawnLine = Omit<LegendEntry, "series">;

export interface ComparePanelProps {
  /** The series. */
  name: string;
  lines: readonly DrawnLine[];
  compared: CompareLines;
  params: CompareParams;
  highlight: Highlight;
}

/** The live panel of one series, with a line for each run or group. */
export const ComparePanel = memo(function ComparePanel(props: ComparePanelProps) {
  const { name, compared, params, highlight } = props;
  const source = useMemo(() => compared.sourceOf(name), [compared, name]);
  const lines = useMemo(
    () => props.lines.map((line) => ({ ...line, series: name })),
    [props.lines, name],
  );
  const { settings, zoom, setZoom, zoomBack } = params;
  return (
    <LinePanel
      id={name}
      name={name}
      title={visibleText(seriesLeaf(name))}
      source={source}
      lines={lines}
      view={{ settings, zoom, setZoom, zoomBack, ...params.sizeOf(name) }}
      highlight={highlight}
      syncKey="compare"
      saveAs={{ file: ["compare", name], of: "run" }}
      emptyNotice="All runs are hidden"
      readout={(panel) => <CompareReadout {...panel} lines={lines} highlight={highlight} />}
    />
  );
});
