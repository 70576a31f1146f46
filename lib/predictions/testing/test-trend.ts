import type { PredictionTrend } from "@signalbox/protocol/data/prediction";

/** The figures of an epoch of four samples, without any measure but those given. */
export function testTrend(epoch: number, figures: Partial<PredictionTrend> = {}): PredictionTrend {
  return {
    epoch,
    step: epoch * 100,
    sample_count: 4,
    scored_count: 4,
    counts: {
      exact_match: 4,
      char_error_rate: 4,
      length_ratio: 4,
      word_overlap: 4,
      validation_pass: 4,
    },
    avg_exact_match: null,
    avg_char_error_rate: null,
    avg_length_ratio: null,
    avg_word_overlap: null,
    min_char_error_rate: null,
    max_char_error_rate: null,
    validation_pass_rate: null,
    scores: {},
    ...figures,
  };
}
