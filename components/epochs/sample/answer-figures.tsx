import type { Prediction } from "@signalbox/protocol/data/prediction";
import { cn } from "@/components/ui/cn";
import { formatInteger } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { answerFigures } from "@/lib/predictions/text/answer-figures";
import { validationErrorLines } from "@/lib/predictions/text/validation-errors";

interface AnswerFiguresProps {
  answer: Prediction;
  brief?: boolean;
}

/** More errors of one answer are counted. */
const mostErrors = 8;

/** The quality, scores, tokens and latency of an answer, and why its validation failed. */
export function AnswerFigures({ answer, brief = false }: AnswerFiguresProps) {
  const errors = validationErrorLines(answer.validation_errors);
  return (
    <>
      <FigureList figures={answerFigures(answer, brief)} />
      {errors.length > 0 ? (
        <ul
          aria-label="Validation errors"
          className="mt-0.5 border-l-2 border-failed/60 pl-2 text-2xs text-failed"
        >
          {errors.slice(0, mostErrors).map((error, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: errors have no identity but their place.
            <li key={index} className="break-words">
              <bdi>{visibleText(error.slice(0, 500))}</bdi>
            </li>
          ))}
          {errors.length > mostErrors ? (
            <li className="text-faint">and {formatInteger(errors.length - mostErrors)} more</li>
          ) : null}
        </ul>
      ) : null}
    </>
  );
}

interface FigureListProps {
  figures: readonly (readonly [name: string, value: string])[];
  className?: string;
}

export function FigureList({ figures, className }: FigureListProps) {
  return (
    <dl className={cn("nums flex flex-wrap gap-x-3 text-2xs text-faint", className)}>
      {figures.map(([name, value]) => (
        <div key={name} className="flex min-w-0 gap-1">
          <dt>{name}</dt>
          <dd className="min-w-0 font-mono break-words text-muted">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
