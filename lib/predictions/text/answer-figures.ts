import type { Prediction } from "@signalbox/protocol/data/prediction";
import { formatInteger, formatPercent } from "../../format/number.ts";
import { visibleText } from "../../format/visible-text.ts";
import { formatLatency, formatMeasure } from "../scores/measure-value.ts";

type Named = readonly [name: string, value: string];

function present(list: readonly (readonly [string, string | null])[]): Named[] {
  return list.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

function formatted(value: number | null | undefined, format: (value: number) => string) {
  return value === null || value === undefined ? null : format(value);
}

function validation({ validation_passed, validation_kind }: Prediction): string | null {
  if (validation_passed === null) return null;
  const result = validation_passed ? "passed" : "failed";
  return validation_kind ? `${result} (${validation_kind})` : result;
}

function tokens({ prompt_tokens, tokens: completion, total_tokens }: Prediction): string | null {
  const parts = present([
    ["prompt", formatted(prompt_tokens, formatInteger)],
    ["completion", formatted(completion, formatInteger)],
    ["total", formatted(total_tokens, formatInteger)],
  ]);
  if (parts.length === 0) return null;
  // Completion tokens alone are what “tokens” usually means.
  if (parts.length === 1 && parts[0]?.[0] === "completion") return parts[0][1];
  return parts.map(([name, count]) => `${count} ${name}`).join(" · ");
}

/** The quality of an answer, its scores, tokens and latency; `brief` leaves out what CER implies. */
export function answerFigures(answer: Prediction, brief = false): Named[] {
  const scores = Object.entries(answer.scores).sort(([a], [b]) => (a < b ? -1 : 1));
  return present([
    ["CER", formatted(answer.char_error_rate, (rate) => rate.toFixed(3))],
    ["overlap", brief ? null : formatted(answer.word_overlap, (share) => formatPercent(share))],
    ["length", brief ? null : formatted(answer.length_ratio, (ratio) => `× ${ratio.toFixed(2)}`)],
    ...scores.map(
      ([name, value]) => [visibleText(name), formatMeasure(`scores.${name}`, value)] as const,
    ),
    ["validation", validation(answer)],
    ["tokens", tokens(answer)],
    ["latency", formatted(answer.latency_ms, formatLatency)],
  ]);
}

/** Where a sample came from, and how its answer was made. */
export function answerOrigin(answer: Prediction): Named[] {
  const { sample_source, sample_source_id, source_index, max_new_tokens, do_sample } = answer;
  return present([
    ["source", sample_source ?? null],
    ["source id", sample_source_id ?? null],
    ["source index", formatted(source_index, formatInteger)],
    ["max new tokens", formatted(max_new_tokens, formatInteger)],
    ["sampling", do_sample === null || do_sample === undefined ? null : do_sample ? "on" : "off"],
  ]);
}
