import type { ComparedPrediction } from "@signalbox/protocol/data/prediction";
import { diffAnswers, fittingLevel } from "@/lib/predictions/text/diff-answers";
import { DiffText } from "../text/diff-text";
import { CellText } from "../text/plain-text";

/** Longer answers are not diffed in the table, only in the sample's panel. */
const diffedCharacters = 160;

/** An answer with its mistakes underlined. */
export function AnswerCell({ row, reveal }: { row: ComparedPrediction; reveal: boolean }) {
  const { prediction, ground_truth: truth, exact_match: exact } = row;
  const short = prediction.length <= diffedCharacters && (truth?.length ?? 0) <= diffedCharacters;
  const parts =
    truth !== null && exact !== 1 && short
      ? diffAnswers(truth, prediction, fittingLevel(truth, prediction))
      : null;
  return parts ? (
    <DiffText
      parts={parts}
      tone="mistake"
      reveal={reveal}
      addedOnly
      oneLine
      className="truncate font-mono text-xs whitespace-pre"
    />
  ) : (
    <CellText text={prediction} reveal={reveal} className="font-mono text-xs" />
  );
}
