import type { MapData } from "@/lib/hooks/use-prediction-map";

const height = 30;

/** How many samples were learned (up) and forgotten (down) at each epoch. */
export function EventStrip({ data }: { data: MapData }) {
  const { learnedPerEpoch, forgottenPerEpoch } = data.learning;
  const count = data.map.epochs.length;
  const most = Math.max(1, ...learnedPerEpoch, ...forgottenPerEpoch);
  const half = height / 2;
  return (
    <figure className="flex items-center gap-2 text-2xs text-faint">
      <svg
        role="img"
        aria-label="Samples learned and forgotten at each epoch"
        viewBox={`0 0 ${count} ${height}`}
        preserveAspectRatio="none"
        className="h-7.5 min-w-0 flex-1"
      >
        {data.map.epochs.map((epoch, index) => {
          const up = ((learnedPerEpoch[index] ?? 0) / most) * (half - 1);
          const down = ((forgottenPerEpoch[index] ?? 0) / most) * (half - 1);
          return (
            <g key={epoch}>
              <title>
                Epoch {epoch}: {learnedPerEpoch[index]} learned, {forgottenPerEpoch[index]}{" "}
                forgotten
              </title>
              <rect x={index} y={0} width={1} height={height} fill="transparent" />
              <rect
                x={index + 0.12}
                y={half - up}
                width={0.76}
                height={up}
                fill="var(--series-1)"
              />
              <rect x={index + 0.12} y={half} width={0.76} height={down} fill="var(--series-2)" />
            </g>
          );
        })}
        <rect x={0} y={half - 0.25} width={count} height={0.5} fill="var(--line-strong)" />
      </svg>
      <figcaption className="flex w-14 shrink-0 flex-col leading-3.5">
        <span>▲ learned</span>
        <span>▼ forgotten</span>
      </figcaption>
    </figure>
  );
}
