import {
  type PredictionInput,
  predictionInputFields,
} from "@signalbox/protocol/data/prediction-input";
import { type ScoreValue, scoreLimits } from "@signalbox/protocol/data/score";
import type { JsonObject } from "@signalbox/protocol/wire/json";
import { textFieldMax } from "@signalbox/protocol/wire/primitives";
import { nonFiniteWords } from "@signalbox/protocol/wire/wire-number";
import { AppError } from "../errors";

const wordsOfNumbers: ReadonlySet<unknown> = new Set(nonFiniteWords);

export function kindOfScore(value: ScoreValue): "number" | "text" {
  return typeof value === "number" || wordsOfNumbers.has(value) ? "number" : "text";
}

function isScore(value: unknown): value is ScoreValue {
  return (
    typeof value === "number" || (typeof value === "string" && value.length <= scoreLimits.text)
  );
}

interface FurtherFields {
  scores: ReadonlyMap<string, ScoreValue>;
  /** Null where nothing else was sent. */
  metadata: JsonObject | null;
}

/**
 * Sorts the further fields of a row into scores and metadata. The row's own `scores` and `metadata`
 * take precedence over a field of the same name.
 * @param where the row in words, for errors
 * @throws AppError bad_request for a score that cannot be kept, too_large for the metadata
 */
export function furtherFields(row: PredictionInput, where: string): FurtherFields {
  const scores = new Map<string, ScoreValue>();
  const others = new Map<string, unknown>();
  for (const [name, value] of Object.entries(row)) {
    if (predictionInputFields.has(name) || value === null) continue;
    if (isScore(value)) scores.set(named(name, where), value);
    else others.set(name, value);
  }
  for (const [name, value] of Object.entries(row.scores ?? {})) {
    if (value === null) continue;
    if (!isScore(value)) {
      throw refused(where, `scores.${name} must be a number or a text of at most 256 characters.`);
    }
    scores.set(named(name, where), value);
  }
  if (scores.size > scoreLimits.perRow) {
    throw refused(where, `has ${scores.size} scores; a prediction can have at most 64.`);
  }
  for (const [name, value] of Object.entries(row.metadata ?? {})) others.set(name, value);
  if (others.size === 0) return { scores, metadata: null };
  const metadata = Object.fromEntries(others);
  if (Buffer.byteLength(JSON.stringify(metadata)) > textFieldMax) {
    throw new AppError(
      "too_large",
      `${where}: metadata, with the further fields that are kept there, is longer than 256 KiB as JSON.`,
    );
  }
  return { scores, metadata };
}

function named(name: string, where: string): string {
  if (name === "__proto__") throw refused(where, "__proto__ cannot be the name of a score.");
  if (name.length === 0 || name.length > scoreLimits.name) {
    throw refused(where, "the name of a score must have 1 to 128 characters.");
  }
  return name;
}

function refused(where: string, problem: string): AppError {
  return new AppError("bad_request", `${where}: ${problem}`);
}
