import { createHash } from "node:crypto";
import type { PredictionInput } from "@signalbox/protocol/data/prediction-input";
import { textFieldMax } from "@signalbox/protocol/wire/primitives";
import type { PredictionQuality } from "@/lib/quality/prediction-quality";
import { AppError } from "../errors";
import { furtherFields } from "./further-fields";

/**
 * A row as the database takes it: quality that was not sent is the computed one, aliases are one field,
 * further fields are scores or metadata. A field without a value is left out.
 * @param where the row in words, for errors
 * @throws AppError bad_request for fields that contradict each other or cannot be kept
 */
export function storedPrediction(
  input: PredictionInput,
  where: string,
  computed: PredictionQuality | null,
) {
  const sent = {
    exact_match: input.exact_match,
    char_error_rate: input.char_error_rate,
    length_ratio: input.length_ratio,
    word_overlap: input.word_overlap,
  };
  const { scores, metadata } = furtherFields(input, where);
  return {
    key: sampleKey(input),
    epoch: input.epoch,
    step: input.step,
    sample_index: input.sample_index,
    prompt: input.prompt,
    prediction: input.prediction,
    ground_truth: input.ground_truth ?? undefined,
    // Stored in single precision, in which the smallest values are 0.
    exact_match: toSingle(sent.exact_match ?? computed?.exact_match),
    char_error_rate: sent.char_error_rate ?? computed?.char_error_rate ?? undefined,
    length_ratio: sent.length_ratio ?? computed?.length_ratio ?? undefined,
    word_overlap: sent.word_overlap ?? computed?.word_overlap ?? undefined,
    validation_pass: alias(input, "validation_pass", "validation_passed", where),
    completion_tokens: alias(input, "completion_tokens", "tokens", where),
    latency_ms: input.latency_ms ?? undefined,
    metadata: metadata ?? undefined,
    details: details(input, where),
    scores: scores.size === 0 ? undefined : Object.fromEntries(scores),
  };
}

/** Two names of one field: either may be sent, or both with the same value. */
function alias<Name extends keyof PredictionInput, Alias extends keyof PredictionInput>(
  input: PredictionInput,
  name: Name,
  other: Alias,
  where: string,
): NonNullable<PredictionInput[Name] | PredictionInput[Alias]> | undefined {
  const value = input[name];
  const same = input[other];
  if (value != null && same != null && (value as unknown) !== same) {
    throw new AppError(
      "bad_request",
      `${where}: ${name} and ${other} are the same field, but differ.`,
    );
  }
  return value ?? same ?? undefined;
}

/** The known fields without a column of their own; undefined without any. */
function details(input: PredictionInput, where: string) {
  const { validation_errors: errors } = input;
  if (errors != null && Buffer.byteLength(JSON.stringify(errors)) > textFieldMax) {
    throw new AppError("bad_request", `${where}: validation_errors is longer than 256 KiB.`);
  }
  const found = {
    validation_kind: input.validation_kind ?? undefined,
    validation_errors: errors ?? undefined,
    prompt_tokens: input.prompt_tokens ?? undefined,
    total_tokens: input.total_tokens ?? undefined,
    source_index: input.source_index ?? undefined,
    sample_source: input.sample_source ?? undefined,
    sample_source_id: input.sample_source_id ?? undefined,
    max_new_tokens: input.max_new_tokens ?? undefined,
    do_sample: input.do_sample ?? undefined,
  };
  return Object.values(found).some((value) => value !== undefined) ? found : undefined;
}

function toSingle(value: number | null | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Math.fround(value);
}

/** Identifies a sample across epochs: by its id, else its prompt, else its index. */
function sampleKey(input: PredictionInput): string {
  if (input.prompt_id) return `i${input.prompt_id}`;
  if (input.prompt !== "") {
    return `h${createHash("sha256").update(input.prompt).digest("base64url").slice(0, 22)}`;
  }
  return `n${input.sample_index}`;
}
