import type { JsonObject } from "./job.ts";

export interface PredictionInput {
  epoch: number;
  step: number;
  sample_index: number;
  prompt: string;
  prediction: string;
  ground_truth?: string | null | undefined;
  prompt_id?: string | null | undefined;
  exact_match?: number | boolean | null | undefined;
  char_error_rate?: number | null | undefined;
  length_ratio?: number | null | undefined;
  word_overlap?: number | null | undefined;
  validation_passed?: boolean | null | undefined;
  tokens?: number | null | undefined;
  latency_ms?: number | null | undefined;
  metadata?: JsonObject | null | undefined;
}

export interface Prediction {
  sample_id: number;
  sample_index: number;
  epoch: number;
  step: number;
  prompt_id: string | null;
  prompt: string;
  prediction: string;
  ground_truth: string | null;
  exact_match: number | null;
  char_error_rate: number | null;
  length_ratio: number | null;
  word_overlap: number | null;
  validation_passed: boolean | null;
  tokens: number | null;
  latency_ms: number | null;
  metadata: JsonObject;
  created_at: string;
}

export interface ComparedPrediction extends Prediction {
  /** With `changed_from`: the character error rate now minus then. */
  change?: number | null | undefined;
  previous?:
    | {
        epoch: number;
        step: number;
        prediction: string;
        exact_match: number | null;
        char_error_rate: number | null;
      }
    | null
    | undefined;
}

export interface PredictionQuery {
  epoch?: number | undefined;
  changed_from?: number | undefined;
  sort?: "index" | "-index" | "worst" | "best" | "regressed" | "improved" | undefined;
  filter?:
    | "right"
    | "wrong"
    | "changed"
    | "improved"
    | "regressed"
    | "passed"
    | "failed"
    | undefined;
  q?: string | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
}

export interface PredictionPage {
  job_id: string;
  predictions: ComparedPrediction[];
  total_count: number;
  epoch_count: number;
}

export interface PredictionEpochs {
  job_id: string;
  epochs: { epoch: number; prediction_count: number; latest_step: number }[];
}

export interface PredictionTrend {
  epoch: number;
  step: number;
  sample_count: number;
  scored_count: number;
  avg_exact_match: number | null;
  avg_char_error_rate: number | null;
  avg_length_ratio: number | null;
  avg_word_overlap: number | null;
  min_char_error_rate: number | null;
  max_char_error_rate: number | null;
  validation_pass_rate: number | null;
}

export interface PredictionTrends {
  job_id: string;
  trends: PredictionTrend[];
  overall_improvement: number | null;
}
