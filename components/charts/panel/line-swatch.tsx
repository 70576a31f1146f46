import type { LineStyle } from "@/lib/charts/style/line-style";

/** A short sample of a line: its colour and dash. */
export function LineSwatch({
  lineStyle,
  faint = false,
}: {
  lineStyle: LineStyle;
  faint?: boolean;
}) {
  return (
    <svg aria-hidden width="18" height="8" className="shrink-0" opacity={faint ? 0.25 : 1}>
      <line
        x1="1"
        x2="17"
        y1="4"
        y2="4"
        stroke={`var(--series-${lineStyle.colour})`}
        strokeWidth="2.5"
        strokeLinecap={lineStyle.dash.length > 0 ? "butt" : "round"}
        strokeDasharray={lineStyle.dash.map((length) => length * 0.7).join(" ")}
      />
    </svg>
  );
}
