import type { TrendId } from "@/lib/predictions/trend-panels";

/** Each measure has a fixed series colour. */
export const trendColours: Record<TrendId, string> = {
  exact: "var(--series-3)",
  error: "var(--series-2)",
  overlap: "var(--series-1)",
  ratio: "var(--series-7)",
  validation: "var(--series-5)",
};
