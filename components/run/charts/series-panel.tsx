"use client";

import { memo, useMemo, useState } from "react";
import { createHighlight } from "@/components/charts/panel/highlight";
import { LinePanel } from "@/components/charts/panel/line-panel";
import type { Marker } from "@/lib/charts/axes/markers";
import type { PanelSpec } from "@/lib/charts/panels/custom-panels";
import { type PanelGroup, pinnedGroup, seriesLeaf } from "@/lib/charts/panels/group-panels";
import type { LegendEntry } from "@/lib/charts/panels/legend-entry";
import { seriesStyles } from "@/lib/charts/style/line-style";
import { visibleText } from "@/lib/format/visible-text";
import type { RunLines } from "@/lib/hooks/charts/use-run-lines";
import { SeriesMenu } from "./series-menu";
import type { ChartView } from "./use-chart-params";
import { usePanelMoves } from "./use-panel-moves";
import { usePanelView } from "./use-panel-view";

export interface SeriesPanelProps {
  /** The series' name, or the key of a panel that holds several. */
  name: string;
  spec: PanelSpec | null;
  /** The panels among which this one stands. */
  group: PanelGroup;
  run: RunLines;
  view: ChartView;
  /** Every series of the run. */
  names: readonly string[];
  markers: readonly Marker[];
}

/** The lines of a panel, one for each series. */
function useSeriesLines({ name, spec, run }: SeriesPanelProps) {
  const names = useMemo(() => spec?.names ?? [name], [spec, name]);
  const source = useMemo(() => run.sourceOf(names), [run, names]);
  const lines = useMemo(
    () =>
      [...seriesStyles(names)].map(([series, lineStyle]): LegendEntry => {
        return { id: series, label: series, lineStyle, series };
      }),
    [names],
  );
  return { source, lines };
}

/** The live panel of one series of a run, or of several. */
export const SeriesPanel = memo(function SeriesPanel(props: SeriesPanelProps) {
  const { name, spec, group, run, view } = props;
  const [highlight] = useState(createHighlight);
  const panelView = usePanelView(name, view);
  const { source, lines } = useSeriesLines(props);
  const { moves, drag } = usePanelMoves(name, group, view);
  // No group heading says the rest of the name.
  const alone = panelView.full || view.grouping !== "prefix" || group.prefix === pinnedGroup;
  const whole = spec ? spec.title : name;
  return (
    <LinePanel
      id={name}
      name={whole}
      title={visibleText(spec || alone ? whole : seriesLeaf(name))}
      source={source}
      lines={lines}
      view={panelView}
      highlight={highlight}
      syncKey={`run-${run.jobId}${view.shared ? "" : `-${name}`}`}
      markers={props.markers}
      saveAs={{ file: [run.jobId, whole], of: "series" }}
      emptyNotice="No values yet"
      drag={drag}
      note={
        spec && spec.left > 0 ? (
          <span className="nums text-xs text-faint">{spec.left} not shown</span>
        ) : null
      }
      menu={(base) => (
        <SeriesMenu
          {...base}
          id={name}
          spec={spec}
          names={props.names}
          chartView={view}
          onMove={moves}
        />
      )}
    />
  );
});
