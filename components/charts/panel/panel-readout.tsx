import { memo } from "react";
import { cn } from "@/components/ui/cn";
import { formatAxisValue } from "@/lib/charts/axes/axis-ticks";
import type { XAxis } from "@/lib/charts/axes/x-axis";
import { columnText, describeSeries, lastValueText } from "@/lib/charts/kinds/line/line-text";
import { nearestIndex, valueAt } from "@/lib/charts/kinds/line/nearest";
import type { PanelPicture, PanelStore } from "@/lib/charts/panels/panel-store";
import { type PreparedSeries, prepareSeries } from "@/lib/charts/series/prepare-series";
import { formatSeriesValue } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { usePicture } from "@/lib/hooks/charts/use-picture";
import { useThrottled } from "@/lib/hooks/page/use-throttled";
import type { PanelLineInfo } from "./chart-panel";
import { type CrosshairStore, useCrosshair, useCrosshairIndex } from "./crosshair-store";
import { type Highlight, useHighlighted } from "./highlight";
import { LineSwatch } from "./line-swatch";

interface PanelReadoutProps {
  name: string;
  lines: readonly PanelLineInfo[];
  store: PanelStore;
  crosshairStore: CrosshairStore;
  highlight: Highlight;
  axis: XAxis;
}

const whole = (picture: PanelPicture) => picture;
const noSeries = prepareSeries({ width: 1, columns: [] });
/** Screen readers hear of a change once in a while, not of every point. */
const wordsEveryMs = 1000;

/** What follows the live values in words: the only part of a panel that renders with each. */
export function PanelReadout(props: PanelReadoutProps) {
  const { name, lines, store, crosshairStore, axis } = props;
  const picture = usePicture(store, whole);
  const only = lines.length === 1 ? lines[0] : undefined;
  const first = picture.lines[0]?.series ?? noSeries;
  return (
    <>
      {only ? (
        <LegendLine name={only.series} series={first} crosshairStore={crosshairStore} axis={axis} />
      ) : (
        <Legend {...props} picture={picture} />
      )}
      <Words name={name} lines={lines} picture={picture} crosshairStore={crosshairStore} />
    </>
  );
}

function Words(props: CrosshairKeysProps) {
  const shown = useThrottled(props.picture, wordsEveryMs, wordsEveryMs);
  return <SpokenPanel {...props} picture={shown} />;
}

/** The panel for those who don't see it. */
const SpokenPanel = memo(function SpokenPanel(props: CrosshairKeysProps) {
  const names = new Map(props.lines.map(({ id, series }) => [id, series]));
  return (
    <>
      <p className="sr-only">
        {props.picture.lines
          .slice(0, 8)
          .map(({ id, series }) => describeSeries(names.get(id) ?? id, series))
          .join(" ")}
      </p>
      <CrosshairKeys {...props} />
    </>
  );
});

interface CrosshairKeysProps extends Pick<PanelReadoutProps, "name" | "lines" | "crosshairStore"> {
  picture: PanelPicture;
}

/**
 * The crosshair for the keyboard and for screen readers: a slider over the columns of the longest
 * line, unseen itself; the panel around it shows the focus.
 */
function CrosshairKeys({ name, lines, picture, crosshairStore }: CrosshairKeysProps) {
  const longest = picture.lines.reduce<PreparedSeries>(
    (found, { series }) => (series.x.length > found.x.length ? series : found),
    noSeries,
  );
  const index = useCrosshairIndex(crosshairStore, longest.x);
  const end = Math.max(0, longest.x.length - 1);
  return (
    <input
      type="range"
      className="sr-only"
      aria-label={`Crosshair on ${name}`}
      aria-valuetext={placeInWords(lines, picture, longest, index ?? end)}
      min={0}
      max={end}
      value={index ?? end}
      onChange={(event) => crosshairStore.moveTo(longest.x[Number(event.target.value)] ?? null)}
      onKeyDown={(event) => {
        if (event.key === "Escape") crosshairStore.moveTo(null);
      }}
      onBlur={() => crosshairStore.moveTo(null)}
    />
  );
}

function placeInWords(
  lines: readonly PanelLineInfo[],
  picture: PanelPicture,
  longest: PreparedSeries,
  index: number,
): string {
  const x = longest.x[index];
  if (x === undefined) return "no values";
  const column = longest.columns[index];
  const only = lines.length === 1 ? lines[0] : undefined;
  if (only && column) {
    const reading = columnText(only.series, column);
    return `${reading.at}: ${reading.value}`;
  }
  const values = lines.slice(0, 8).flatMap(({ id, label, series }) => {
    const line = picture.lines.find((each) => each.id === id);
    const value = line ? valueAt(line, x, 0) : null;
    return value === null ? [] : `${label} ${formatSeriesValue(series, value)}`;
  });
  return `${formatAxisValue(picture.axis, x)}: ${values.join(", ")}`;
}

interface LegendLineProps {
  name: string;
  series: PreparedSeries;
  crosshairStore: CrosshairStore;
  axis: XAxis;
}

function LegendLine({ name, series, crosshairStore, axis }: LegendLineProps) {
  const index = useCrosshairIndex(crosshairStore, series.x);
  const column = index === null ? undefined : series.columns[index];
  const reading = column ? columnText(name, column) : lastValueText(name, series);
  const x = axis === "step" ? undefined : series.x.at(index ?? -1);
  return (
    <p
      className="nums flex h-5 min-w-0 items-baseline gap-2 overflow-hidden px-3 whitespace-nowrap"
      data-reading={column ? "crosshair" : "last"}
    >
      <span className="font-mono text-lg leading-5 font-medium tracking-tight text-ink">
        {reading?.value ?? "–"}
      </span>
      <span className="truncate text-xs text-faint">
        {x === undefined ? null : `${formatAxisValue(axis, x)} · `}
        {reading?.at}
        {reading?.range ? <span className="ml-2">{reading.range}</span> : null}
      </span>
    </p>
  );
}

/** Every line with its figure at the crosshair, else its last; pointing at one makes it stand out. */
function Legend({
  lines,
  picture,
  crosshairStore,
  highlight,
}: PanelReadoutProps & { picture: PanelPicture }) {
  const crosshair = useCrosshair(crosshairStore);
  const highlighted = useHighlighted(highlight);
  const byId = new Map(picture.lines.map((line) => [line.id, line.series]));
  return (
    <ul
      aria-label="Series"
      data-reading={crosshair ? "crosshair" : "last"}
      className="flex max-h-15 min-h-5 shrink-0 flex-wrap gap-x-3 overflow-y-auto px-3"
    >
      {lines.map(({ id, label, lineStyle, series }) => {
        const drawn = byId.get(id) ?? noSeries;
        const at = crosshair ? nearestIndex(drawn.x, crosshair.x) : null;
        const value = at === null ? drawn.last?.value : (drawn.line[at] ?? undefined);
        return (
          <li
            key={id}
            data-line={id}
            data-highlighted={highlighted === id || undefined}
            onPointerEnter={() => highlight.set(id)}
            onPointerLeave={() => highlight.set(null)}
            className={cn(
              "flex h-5 max-w-full min-w-0 items-center gap-1.5 text-xs text-muted",
              highlighted !== null && highlighted !== id && "opacity-50",
            )}
          >
            <LineSwatch lineStyle={lineStyle} />
            <span className="min-w-0 truncate" title={label}>
              {visibleText(label)}
            </span>
            <span className="nums min-w-[8ch] font-mono text-ink">
              {value === undefined ? "–" : formatSeriesValue(series, value)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
