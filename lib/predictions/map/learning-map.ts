import type { PredictionMapReply } from "@signalbox/protocol/data/prediction";

/** Smaller bytes are unscored (see map-cell.ts). */
const firstScored = 2;
const rightCell = 2;

/** Samples × epochs, one byte per cell: see map-cell.ts. */
export interface LearningMap {
  /** Ascending. */
  readonly epochs: readonly number[];
  readonly sampleCount: number;
  /** One array of cells per epoch, indexed by sample id. */
  readonly cells: readonly Uint8Array[];
}

function decodeBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Decodes the server's map; missing cells count as “no prediction”. */
export function decodeMap(reply: Pick<PredictionMapReply, "sample_count" | "epochs">): LearningMap {
  return {
    epochs: reply.epochs.map(({ epoch }) => epoch),
    sampleCount: reply.sample_count,
    cells: reply.epochs.map(({ cells }) => {
      const bytes = decodeBase64(cells);
      if (bytes.length === reply.sample_count) return bytes;
      const row = new Uint8Array(reply.sample_count);
      row.set(bytes.subarray(0, reply.sample_count));
      return row;
    }),
  };
}

export function cellAt(map: LearningMap, epochIndex: number, sample: number): number {
  return map.cells[epochIndex]?.[sample] ?? 0;
}

export const never = 0xffff;

/** How each sample was learned; arrays are indexed by sample id. */
export interface Learning {
  /** Index of the first epoch at which it was right; `never`. */
  readonly learnedAt: Uint16Array;
  /** How often it went from right to wrong between epochs that scored it. */
  readonly forgotten: Uint16Array;
  /** The last scored cell; 0 where there is none. */
  readonly finalCell: Uint8Array;
  /** By epoch index: samples right for the first time, and samples that went right → wrong. */
  readonly learnedPerEpoch: readonly number[];
  readonly forgottenPerEpoch: readonly number[];
  readonly totals: LearningTotals;
}

export interface LearningTotals {
  samples: number;
  /** Samples scored at one epoch or more. */
  scored: number;
  /** Right at some epoch. */
  learned: number;
  /** Right at the last epoch that scored them. */
  rightAtLast: number;
  /** Went from right to wrong at least once. */
  forgotten: number;
  /** Right at some epoch, wrong at the last. */
  lost: number;
  /** Scored, and never right. */
  never: number;
  /** Learned and never forgotten. */
  unforgotten: number;
}

/**
 * Learning and forgetting events of every sample (Toneva et al. 2019, “An Empirical Study of
 * Example Forgetting during Deep Neural Network Learning”, per epoch): a forgetting event is right
 * at one scored epoch and wrong at the next. Epochs without the sample are skipped.
 */
export function measureLearning(map: LearningMap): Learning {
  const count = map.sampleCount;
  const learnedAt = new Uint16Array(count).fill(never);
  const forgotten = new Uint16Array(count);
  const finalCell = new Uint8Array(count);
  const learnedPerEpoch: number[] = [];
  const forgottenPerEpoch: number[] = [];
  map.cells.forEach((row, epochIndex) => {
    let gained = 0;
    let lost = 0;
    for (let sample = 0; sample < count; sample += 1) {
      const cell = row[sample] ?? 0;
      if (cell < firstScored) continue;
      if (cell === rightCell) {
        if (learnedAt[sample] === never) {
          learnedAt[sample] = epochIndex;
          gained += 1;
        }
      } else if (finalCell[sample] === rightCell) {
        forgotten[sample] = (forgotten[sample] ?? 0) + 1;
        lost += 1;
      }
      finalCell[sample] = cell;
    }
    learnedPerEpoch.push(gained);
    forgottenPerEpoch.push(lost);
  });
  const totals = computeTotals(count, { learnedAt, forgotten, finalCell });
  return { learnedAt, forgotten, finalCell, learnedPerEpoch, forgottenPerEpoch, totals };
}

function computeTotals(
  samples: number,
  { learnedAt, forgotten, finalCell }: Pick<Learning, "learnedAt" | "forgotten" | "finalCell">,
): LearningTotals {
  const totals: LearningTotals = {
    samples,
    scored: 0,
    learned: 0,
    rightAtLast: 0,
    forgotten: 0,
    lost: 0,
    never: 0,
    unforgotten: 0,
  };
  for (let sample = 0; sample < samples; sample += 1) {
    const final = finalCell[sample] ?? 0;
    if (final < firstScored) continue;
    totals.scored += 1;
    if (learnedAt[sample] === never) {
      totals.never += 1;
      continue;
    }
    totals.learned += 1;
    if (final === rightCell) totals.rightAtLast += 1;
    else totals.lost += 1;
    if ((forgotten[sample] ?? 0) > 0) totals.forgotten += 1;
    else totals.unforgotten += 1;
  }
  return totals;
}

export const mapOrders = ["index", "learned", "forgotten", "error", "score"] as const;
/** `score` goes by the score that the map is coloured by. */
export type MapOrder = (typeof mapOrders)[number];

/**
 * Sample ids in the order of the map's rows: by id, earliest learned, most forgotten, or largest
 * final error first. Unscored samples come last; ties stay in id order.
 */
export function orderSamples(learning: Learning, order: Exclude<MapOrder, "score">): Uint32Array {
  const { learnedAt, forgotten, finalCell } = learning;
  const ids = Uint32Array.from(finalCell, (_, sample) => sample);
  if (order === "index") return ids;
  const key = (sample: number): number => {
    const final = finalCell[sample] ?? 0;
    if (final < firstScored) return Number.MAX_SAFE_INTEGER;
    if (order === "learned") return learnedAt[sample] ?? never;
    if (order === "forgotten") return -(forgotten[sample] ?? 0);
    return -final;
  };
  const keys = Float64Array.from(ids, key);
  return ids.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
}
