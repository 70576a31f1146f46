import { memo } from "react";
import { cn } from "@/components/ui/cn";
import { formatAxisValue } from "@/lib/charts/axes/axis-ticks";
import type { XAxis } from "@/lib/charts/axes/x-axis";
import type { PictureStore } from "@/lib/charts/kinds/panel-kind";
import { type PanelPicture, panelReader } from "@/lib/charts/kinds/panel-kinds";
import type { LegendEntry } from "@/lib/charts/panels/legend-entry";
import { formatSeriesValue } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { usePicture } from "@/lib/hooks/charts/use-picture";
import { useThrottled } from "@/lib/hooks/page/use-throttled";
import { type CrosshairStore, useCrosshair, useCrosshairIndex } from "./crosshair-store";
import { type Highlight, useHighlighted } from "./highlight";
import { LineSwatch } from "./line-swatch";

interface PanelReadoutProps {
  name: string;
  entries: readonly LegendEntry[];
  store: PictureStore<PanelPicture>;
  crosshairStore: CrosshairStore;
  highlight: Highlight;
  axis: XAxis;
}

const whole = (picture: PanelPicture) => picture;
/** A screen reader announces changes once in a while, not with every point. */
const descriptionEveryMs = 1000;
/** At most so many values are read out at one position. */
const spokenValues = 8;

/** The live values in text: the only part of a panel that renders with each of them. */
export function PanelReadout(props: PanelReadoutProps) {
  const picture = usePicture(props.store, whole);
  const only = props.entries.length === 1 ? props.entries[0] : undefined;
  return (
    <>
      {only ? (
        <SingleValue {...props} series={only.series} picture={picture} />
      ) : (
        <Legend {...props} picture={picture} />
      )}
      <ThrottledDescription
        name={props.name}
        entries={props.entries}
        picture={picture}
        crosshairStore={props.crosshairStore}
      />
    </>
  );
}

function ThrottledDescription(props: CrosshairKeysProps) {
  const picture = useThrottled(props.picture, descriptionEveryMs, descriptionEveryMs);
  return <Description {...props} picture={picture} />;
}

/** The panel for screen readers. */
const Description = memo(function Description(props: CrosshairKeysProps) {
  const { picture, entries } = props;
  const names = new Map(entries.map(({ id, series }) => [id, series]));
  return (
    <>
      <p className="sr-only">{panelReader(picture).describe(picture, names)}</p>
      <CrosshairKeys {...props} />
    </>
  );
});

interface CrosshairKeysProps
  extends Pick<PanelReadoutProps, "name" | "entries" | "crosshairStore"> {
  picture: PanelPicture;
}

/**
 * The crosshair for the keyboard and for screen readers: an invisible slider over the picture's
 * stops; the panel around it shows the focus.
 */
function CrosshairKeys({ name, entries, picture, crosshairStore }: CrosshairKeysProps) {
  const stops = panelReader(picture).stops(picture);
  const index = useCrosshairIndex(crosshairStore, stops);
  const end = Math.max(0, stops.length - 1);
  return (
    <input
      type="range"
      className="sr-only"
      aria-label={`Crosshair on ${name}`}
      aria-valuetext={valueText(entries, picture, stops, index ?? end)}
      min={0}
      max={end}
      value={index ?? end}
      onChange={(event) => crosshairStore.moveTo(stops[Number(event.target.value)] ?? null)}
      onKeyDown={(event) => {
        if (event.key === "Escape") crosshairStore.moveTo(null);
      }}
      onBlur={() => crosshairStore.moveTo(null)}
    />
  );
}

function valueText(
  entries: readonly LegendEntry[],
  picture: PanelPicture,
  stops: readonly number[],
  index: number,
): string {
  const x = stops[index];
  if (x === undefined) return "no values";
  const reader = panelReader(picture);
  const only = entries.length === 1 ? entries[0] : undefined;
  const text = only ? reader.text(picture, only.series, index) : null;
  if (text) return `${text.at}: ${text.value}`;
  const readings = new Map(reader.at(picture, x, 0).map(({ id, value }) => [id, value]));
  const values = entries.slice(0, spokenValues).flatMap(({ id, label, series }) => {
    const value = readings.get(id);
    return value === undefined ? [] : `${label} ${formatSeriesValue(series, value)}`;
  });
  return `${formatAxisValue(picture.axis, x)}: ${values.join(", ")}`;
}

interface SingleValueProps extends Pick<PanelReadoutProps, "crosshairStore" | "axis"> {
  series: string;
  picture: PanelPicture;
}

/** The value of a panel's only entry at the crosshair, else its last one. */
function SingleValue({ series, picture, crosshairStore, axis }: SingleValueProps) {
  const reader = panelReader(picture);
  const stops = reader.stops(picture);
  const index = useCrosshairIndex(crosshairStore, stops);
  const reading = reader.text(picture, series, index);
  const x = axis === "step" ? undefined : stops.at(index ?? -1);
  return (
    <p
      className="nums flex h-5 min-w-0 items-baseline gap-2 overflow-hidden px-3 whitespace-nowrap"
      data-reading={index === null ? "last" : "crosshair"}
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

/** Every entry with its value at the crosshair, else its last one; pointing at one highlights it. */
function Legend({
  entries,
  picture,
  crosshairStore,
  highlight,
}: PanelReadoutProps & { picture: PanelPicture }) {
  const crosshair = useCrosshair(crosshairStore);
  const highlighted = useHighlighted(highlight);
  const reader = panelReader(picture);
  return (
    <ul
      aria-label="Series"
      data-reading={crosshair ? "crosshair" : "last"}
      className="flex max-h-15 min-h-5 shrink-0 flex-wrap gap-x-3 overflow-y-auto px-3"
    >
      {entries.map(({ id, label, lineStyle, series }) => {
        const value = reader.value(picture, id, crosshair?.x ?? null);
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
              {value === null ? "–" : formatSeriesValue(series, value)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
