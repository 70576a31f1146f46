import type { Prediction } from "@signalbox/protocol/data/prediction";
import { formatInteger, formatPercent } from "@/lib/format/number";

type Figures = Pick<
  Prediction,
  | "char_error_rate"
  | "word_overlap"
  | "length_ratio"
  | "tokens"
  | "latency_ms"
  | "validation_passed"
>;

function figures(answer: Figures): [string, string][] {
  const list: [string, string | null][] = [
    ["CER", answer.char_error_rate === null ? null : answer.char_error_rate.toFixed(3)],
    ["overlap", answer.word_overlap === null ? null : formatPercent(answer.word_overlap)],
    ["length", answer.length_ratio === null ? null : `× ${answer.length_ratio.toFixed(2)}`],
    [
      "validation",
      answer.validation_passed === null ? null : answer.validation_passed ? "passed" : "failed",
    ],
    ["tokens", answer.tokens === null ? null : formatInteger(answer.tokens)],
    ["latency", answer.latency_ms === null ? null : `${formatLatency(answer.latency_ms)} ms`],
  ];
  return list.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
}

function formatLatency(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : formatInteger(ms);
}

/** The quality of an answer, and its tokens and latency. */
export function AnswerFigures({ answer, brief = false }: { answer: Figures; brief?: boolean }) {
  const shown = figures(answer).filter(
    ([name]) =>
      !brief || name === "CER" || name === "tokens" || name === "latency" || name === "validation",
  );
  return (
    <dl className="nums flex flex-wrap gap-x-3 text-2xs text-faint">
      {shown.map(([name, value]) => (
        <div key={name} className="flex gap-1">
          <dt>{name}</dt>
          <dd className="font-mono text-muted">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
