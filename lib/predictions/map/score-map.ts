import type { ScoreMapReply } from "@signalbox/protocol/data/prediction";
import type { Better } from "@signalbox/protocol/data/score";
import { textValues } from "../scores/text-values.ts";
import type { LearningMap } from "./learning-map.ts";
import { firstValueCell, type MapScale } from "./map-colours.ts";

/** A score of every sample at every epoch. */
export interface ScoreMap {
  readonly name: string;
  readonly kind: "number" | "text";
  /** The lowest and highest value of the run; null of a text. */
  readonly range: readonly [number, number] | null;
  /** The texts of a text score; a value is an index into these. */
  readonly categories: readonly string[];
  /** By epoch: the values of all samples, indexed by sample id; NaN for none. */
  readonly values: ReadonlyMap<number, Float32Array>;
}

/** Decodes big-endian float32 values; the rest of a row that is too short has no values. */
function decodeFloats(text: string, count: number): Float32Array {
  const binary = atob(text);
  const values = new Float32Array(count).fill(Number.NaN);
  // The same memory as bit patterns, which is right on machines of either byte order.
  const bits = new Uint32Array(values.buffer);
  const length = Math.min(count, Math.floor(binary.length / 4));
  const byte = (at: number) => binary.charCodeAt(at);
  for (let index = 0; index < length; index += 1) {
    const at = index * 4;
    bits[index] = (byte(at) << 24) | (byte(at + 1) << 16) | (byte(at + 2) << 8) | byte(at + 3);
  }
  return values;
}

export function decodeScoreMap(reply: ScoreMapReply): ScoreMap {
  const { score: name, kind, min, max, categories = [], sample_count } = reply;
  return {
    name,
    kind,
    range: min === null || max === null ? null : [min, max],
    categories,
    values: new Map(
      reply.epochs.map(({ epoch, values }) => [epoch, decodeFloats(values, sample_count)]),
    ),
  };
}

/** What the cells of a score's map mean. */
export function scoreScale({ kind, categories }: ScoreMap, better: Better): MapScale {
  return kind === "number" ? { kind, better } : { kind, values: textValues(categories) };
}

/** The value of a sample at an epoch; null for none. */
export function scoreAt(score: ScoreMap, epoch: number, sample: number): number | string | null {
  const value = score.values.get(epoch)?.[sample];
  if (value === undefined || Number.isNaN(value)) return null;
  return score.kind === "number" ? value : (score.categories[value] ?? "another text");
}

/**
 * The map with the values of a score in place of its cells: 0 no prediction, 1 no value, from 2 the
 * value as `scoreScale` says.
 */
export function scoreCells(base: LearningMap, score: ScoreMap): LearningMap {
  const cellOf = cellWriter(score);
  const cells = base.epochs.map((epoch, at) => {
    const values = score.values.get(epoch);
    const predicted = base.cells[at];
    const row = new Uint8Array(base.sampleCount);
    for (let sample = 0; sample < row.length; sample += 1) {
      const value = values?.[sample] ?? Number.NaN;
      row[sample] = Number.isNaN(value) ? Math.min(1, predicted?.[sample] ?? 0) : cellOf(value);
    }
    return row;
  });
  return { epochs: base.epochs, sampleCount: base.sampleCount, cells };
}

function cellWriter({ kind, range, categories }: ScoreMap): (value: number) => number {
  if (kind === "text") {
    const values = textValues(categories);
    const places = categories.map((text) => values.findIndex((each) => each.text === text));
    return (value) => {
      const place = places[value] ?? -1;
      return firstValueCell + (place === -1 ? values.length : place);
    };
  }
  const [min, max] = range ?? [0, 1];
  const levels = 255 - firstValueCell;
  // A score that is the same everywhere is in the middle of its scale.
  if (max <= min) return () => firstValueCell + Math.round(levels / 2);
  return (value) => {
    const share = Math.max(0, Math.min(1, (value - min) / (max - min)));
    return firstValueCell + Math.round(share * levels);
  };
}

/**
 * Sample ids by the last value of a score: the worst number first, texts together in the order of
 * their colours. Samples without a value come last; ties stay in id order.
 */
export function orderByScore(base: LearningMap, score: ScoreMap, better: Better): Uint32Array {
  const keys = new Float64Array(base.sampleCount).fill(Number.MAX_VALUE);
  const cellOf = cellWriter(score);
  for (const epoch of base.epochs) {
    const values = score.values.get(epoch);
    if (!values) continue;
    for (let sample = 0; sample < keys.length; sample += 1) {
      const value = values[sample] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      keys[sample] = score.kind === "text" ? cellOf(value) : better === "higher" ? value : -value;
    }
  }
  const ids = Uint32Array.from(keys, (_, sample) => sample);
  return ids.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
}
