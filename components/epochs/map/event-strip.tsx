import type { MapData } from "@/lib/hooks/predictions/use-prediction-map";
import { labelledTicks } from "@/lib/predictions/epoch-choice";
import type { MapLayout } from "@/lib/predictions/map/map-picture";

const barsHeight = 28;
const labels = 16;

/** The height of the bars, which a run without ground truth does not have. */
function heightOfBars({ learning }: MapData): number {
  return learning.totals.scored === 0 ? 0 : barsHeight;
}

/** Height of the strip below the map. */
export function stripHeight(data: MapData): number {
  return heightOfBars(data) + labels + 6;
}

interface EventStripProps {
  data: MapData;
  layout: MapLayout;
  gutter: number;
}

/** The map's epochs, and how many samples were learned (up) and forgotten (down) at each. */
export function EventStrip({ data, layout, gutter }: EventStripProps) {
  const { learnedPerEpoch, forgottenPerEpoch } = data.learning;
  const { epochs } = data.map;
  const height = heightOfBars(data);
  const half = height / 2;
  const most = Math.max(1, ...learnedPerEpoch, ...forgottenPerEpoch);
  const size = (count: number | undefined) => ((count ?? 0) / most) * Math.max(0, half - 1);
  const { columnWidth, width } = layout;
  const bar = Math.max(1, columnWidth - (columnWidth > 6 ? 3 : 0));
  return (
    <figure
      aria-label={height > 0 ? "Learned and forgotten by epoch" : "Epochs"}
      className="overflow-hidden pt-1.5"
    >
      <svg
        role="img"
        aria-label={epochs
          .map((epoch, at) =>
            height > 0
              ? `epoch ${epoch}: ${learnedPerEpoch[at]} learned, ${forgottenPerEpoch[at]} forgotten`
              : `epoch ${epoch}`,
          )
          .join("; ")}
        width={gutter + width}
        height={height + labels}
        className="block overflow-visible"
      >
        {gutter > 0 && height > 0 ? (
          <g className="fill-faint text-2xs">
            <text x={2} y={half - 4}>
              learned ▲
            </text>
            <text x={2} y={height - 2}>
              forgotten ▼
            </text>
          </g>
        ) : null}
        {(height > 0 ? epochs : []).map((epoch, index) => {
          const x = gutter + index * columnWidth;
          const up = size(learnedPerEpoch[index]);
          return (
            <g key={epoch}>
              <title>
                {`Epoch ${epoch}: ${learnedPerEpoch[index]} learned, ${forgottenPerEpoch[index]} forgotten`}
              </title>
              <rect x={x} y={0} width={columnWidth} height={height} fill="transparent" />
              <rect x={x} y={half - up} width={bar} height={up} fill="var(--series-1)" />
              <rect
                x={x}
                y={half}
                width={bar}
                height={size(forgottenPerEpoch[index])}
                fill="var(--series-2)"
              />
            </g>
          );
        })}
        <line
          x1={gutter}
          x2={gutter + width}
          y1={half}
          y2={half}
          stroke="var(--line-strong)"
          strokeWidth={height > 0 ? 0.5 : 0}
        />
        {labelledTicks(epochs.length, width, 28).map((index) => (
          <text
            key={epochs[index]}
            x={gutter + (index + 0.5) * columnWidth}
            y={height + 12}
            textAnchor="middle"
            className="nums fill-faint font-mono text-2xs"
          >
            {epochs[index]}
          </text>
        ))}
      </svg>
    </figure>
  );
}
