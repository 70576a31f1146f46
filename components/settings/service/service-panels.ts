import type { ServiceSample } from "@signalbox/protocol/service/service-status";
import { formatBytes, formatMetric } from "@/lib/format/number";

type Measure = Exclude<keyof ServiceSample, "at">;

/** One trend on the page. */
export interface ServicePanel {
  measure: Measure;
  title: string;
  format(value: number): string;
}

const count = (value: number) => formatMetric(value, 3);
const perSecond = (value: number) => `${formatMetric(value, 3)}/s`;
const seconds = (value: number) =>
  value < 1 ? `${formatMetric(value * 1000, 3)} ms` : `${formatMetric(value, 3)} s`;

/** Every measure of a sample has a panel. */
const panels: Record<Measure, Omit<ServicePanel, "measure">> = {
  streams: { title: "Open live streams", format: count },
  frames_per_s: { title: "Frames sent", format: perSecond },
  sent_bytes_per_s: { title: "Bytes sent", format: (value) => `${formatBytes(value)}/s` },
  notify_p95_s: { title: "Change to frame, p95", format: seconds },
  requests_per_s: { title: "API requests", format: perSecond },
  failures_per_s: { title: "Failed requests (5xx)", format: perSecond },
  ingests_per_s: { title: "Batches received", format: perSecond },
  ingest_p95_s: { title: "Batch stored, p95", format: seconds },
  database_p95_s: { title: "Database call, p95", format: seconds },
  memory_bytes: { title: "Memory", format: formatBytes },
  loop_delay_s: { title: "Event loop delay, longest", format: seconds },
};

export const servicePanels: ServicePanel[] = (Object.keys(panels) as Measure[]).map((measure) => ({
  measure,
  ...panels[measure],
}));

export interface TrendPoint {
  at: number;
  value: number | null;
}

/** A measure over time. A moment in which nothing happened is a gap, not a zero. */
export function trendOf(samples: readonly ServiceSample[], measure: Measure): TrendPoint[] {
  return samples.map((sample) => ({ at: Date.parse(sample.at), value: sample[measure] }));
}

/** The newest value that was measured; null where there is none. */
export function latestOf(points: readonly TrendPoint[]): number | null {
  return points.findLast(({ value }) => value !== null)?.value ?? null;
}
