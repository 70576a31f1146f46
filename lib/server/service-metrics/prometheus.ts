interface Sample {
  /** Of a histogram's samples. */
  suffix?: "_bucket" | "_sum" | "_count";
  labels?: Record<string, string>;
  value: number;
}

export interface Family {
  name: string;
  type: "counter" | "gauge" | "histogram";
  help: string;
  samples: Sample[];
}

/** The samples of a histogram for one combination of labels. */
export function histogramSamples(
  labels: Record<string, string>,
  { below, sum, count }: { below: readonly [number, number][]; sum: number; count: number },
): Sample[] {
  const buckets = [
    ...below.map(([bound, value]) => [String(bound), value] as const),
    ["+Inf", count] as const,
  ];
  return [
    ...buckets.map(([le, value]) => ({
      suffix: "_bucket" as const,
      labels: { ...labels, le },
      value,
    })),
    { suffix: "_sum", labels, value: sum },
    { suffix: "_count", labels, value: count },
  ];
}

/** The text format of prometheus.io, "Exposition formats", version 0.0.4. */
export function prometheusText(families: readonly Family[]): string {
  return families
    .flatMap(({ name, type, help, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(
        ({ suffix = "", labels = {}, value }) =>
          `${name}${suffix}${labelText(labels)} ${numberText(value)}`,
      ),
    ])
    .map((line) => `${line}\n`)
    .join("");
}

function labelText(labels: Record<string, string>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length > 0 ? `{${parts.join(",")}}` : "";
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}
