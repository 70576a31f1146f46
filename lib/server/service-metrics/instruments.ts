import { Buckets } from "../../buckets.ts";
import { type Family, histogramSamples } from "./prometheus.ts";

/** Label values are ours, never a text from outside: each combination is kept for good. */
type Labels<Name extends string> = { [label in Name]: string };

interface Named<Name extends string> {
  /** Without the prefix `signalbox_`; with the unit, and `_total` for a counter. */
  name: string;
  help: string;
  labels?: readonly Name[];
}

/** What a service counts, by labels. */
export class Counter<Name extends string = never> {
  readonly #named: Named<Name>;
  readonly #values = new Map<string, { labels: Labels<Name>; value: number }>();

  constructor(named: Named<Name>) {
    this.#named = named;
  }

  add(labels: Labels<Name>, by = 1): void {
    const key = keyOf(this.#named, labels);
    const known = this.#values.get(key);
    if (known) known.value += by;
    else this.#values.set(key, { labels, value: by });
  }

  /** The sum over the combinations that have these values. */
  total(where: Partial<Labels<Name>> = {}): number {
    let total = 0;
    for (const { labels, value } of this.#values.values()) {
      if (
        this.#named.labels?.every((label) => (where[label] ?? labels[label]) === labels[label]) ??
        true
      ) {
        total += value;
      }
    }
    return total;
  }

  /** The sums by the values of one label. */
  totals(label: Name): Map<string, number> {
    const sums = new Map<string, number>();
    for (const { labels, value } of this.#values.values()) {
      sums.set(labels[label], (sums.get(labels[label]) ?? 0) + value);
    }
    return sums;
  }

  family(): Family {
    const { name, help, labels } = this.#named;
    const samples = [...this.#values.values()];
    // A counter without labels is zero from the start, so that its rate is known from the first event.
    const zero = samples.length === 0 && !labels ? [{ value: 0 }] : [];
    return { name: `signalbox_${name}`, type: "counter", help, samples: [...samples, ...zero] };
  }
}

/** Bounds of buckets for durations of requests, in seconds. */
export const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** How observations spread, in buckets as Prometheus has them. */
export class Histogram<Name extends string = never> {
  readonly #named: Named<Name>;
  readonly #bounds: readonly number[];
  readonly #observations = new Map<string, { labels: Labels<Name>; buckets: Buckets }>();

  constructor(named: Named<Name> & { bounds: readonly number[] }) {
    this.#named = named;
    this.#bounds = named.bounds;
  }

  observe(labels: Labels<Name>, value: number): void {
    const key = keyOf(this.#named, labels);
    let found = this.#observations.get(key);
    if (!found) {
      found = { labels, buckets: new Buckets(this.#bounds) };
      this.#observations.set(key, found);
    }
    found.buckets.add(value);
  }

  /** Observations in each bucket, the last one unbounded, over the combinations with these values. */
  counts(where: Partial<Labels<Name>> = {}): number[] {
    const sums: number[] = new Array(this.#bounds.length + 1).fill(0);
    for (const { labels, buckets } of this.#observations.values()) {
      if (this.#named.labels?.some((label) => (where[label] ?? labels[label]) !== labels[label])) {
        continue;
      }
      buckets.counts.forEach((count, index) => {
        sums[index] = (sums[index] ?? 0) + count;
      });
    }
    return sums;
  }

  family(): Family {
    const { name, help } = this.#named;
    const samples = [...this.#observations.values()].flatMap(({ labels, buckets }) =>
      histogramSamples(labels, { ...buckets.cumulated(), sum: buckets.sum }),
    );
    return { name: `signalbox_${name}`, type: "histogram", help, samples };
  }
}

function keyOf<Name extends string>({ labels }: Named<Name>, values: Labels<Name>): string {
  return labels ? labels.map((label) => values[label]).join(" ") : "";
}

/**
 * The value below which a share of observations lies, estimated within its bucket as Prometheus does;
 * null without observations. Beyond all bounds: the last bound.
 */
export function quantile(
  share: number,
  bounds: readonly number[],
  counts: readonly number[],
): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = share * total;
  let below = 0;
  for (const [index, upper] of bounds.entries()) {
    const count = counts[index] ?? 0;
    if (count > 0 && below + count >= rank) {
      const lower = bounds[index - 1] ?? 0;
      return lower + ((upper - lower) * (rank - below)) / count;
    }
    below += count;
  }
  return bounds.at(-1) ?? null;
}
