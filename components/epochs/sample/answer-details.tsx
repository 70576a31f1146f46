import type { Prediction } from "@signalbox/protocol/data/prediction";
import { answerOrigin } from "@/lib/predictions/text/answer-figures";
import { LongText } from "../text/long-text";
import { FigureList } from "./answer-figures";

interface AnswerDetailsProps {
  answer: Prediction;
  /** Names the metadata in its buttons' labels. */
  label: string;
  reveal: boolean;
}

/** Where a sample came from and what else was sent with its answer, collapsed. */
export function AnswerDetails({ answer, label, reveal }: AnswerDetailsProps) {
  const origin = answerOrigin(answer);
  const hasMetadata = Object.keys(answer.metadata).length > 0;
  if (origin.length === 0 && !hasMetadata) return null;
  return (
    <details className="mt-1.5 text-2xs text-faint">
      <summary className="w-fit rounded-sm hover:text-ink">Metadata</summary>
      <FigureList figures={origin} className="pt-1" />
      {hasMetadata ? (
        <LongText
          text={JSON.stringify(answer.metadata)}
          label={label}
          reveal={reveal}
          className="pt-1 text-muted"
        />
      ) : null}
    </details>
  );
}
