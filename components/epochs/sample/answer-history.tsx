"use client";

import type { Prediction } from "@signalbox/protocol/data/prediction";
import { useEffect, useRef } from "react";
import { cn } from "@/components/ui/cn";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import type { DiffLevel } from "@/lib/predictions/text/diff-answers";
import { LongText } from "../text/long-text";
import { Verdict } from "../text/verdict";
import type { Against } from "../use-epoch-params";
import { AnswerFigures } from "./answer-figures";

interface AnswerHistoryProps {
  predictions: readonly Prediction[];
  choice: EpochChoice;
  level: DiffLevel;
  against: Against;
  reveal: boolean;
  onEpoch: (epoch: number) => void;
}

/** What an answer is diffed with; null for no diff. */
function comparison(
  answer: Prediction,
  before: Prediction | undefined,
  against: Against,
  level: DiffLevel,
) {
  if (against === "before") {
    return before ? { text: before.prediction, tone: "change" as const, level } : null;
  }
  return answer.ground_truth === null
    ? null
    : { text: answer.ground_truth, tone: "mistake" as const, level };
}

/** The answers of all epochs as a list. */
export function AnswerHistory(props: AnswerHistoryProps) {
  const { predictions, choice, level, against, reveal, onEpoch } = props;
  const list = useRef<HTMLOListElement>(null);
  const { epoch } = choice;
  const scored = predictions.some(({ exact_match }) => exact_match !== null);

  // The scroll position: a newly selected epoch is brought into view.
  const shown = useRef(epoch);
  useEffect(() => {
    if (shown.current === epoch) return;
    shown.current = epoch;
    list.current
      ?.querySelector(`[data-answer-epoch="${epoch}"]`)
      ?.scrollIntoView({ block: "nearest" });
  }, [epoch]);

  return (
    <section aria-labelledby="sample-history">
      <h3 id="sample-history" className="mb-1 text-sm font-medium">
        All epochs <span className="nums text-xs font-normal text-faint">{predictions.length}</span>
      </h3>
      <ol ref={list} className="-mx-4 border-t border-line">
        {predictions.map((answer, index) => {
          const before = predictions[index - 1];
          const same = before?.prediction === answer.prediction;
          const chosen = answer.epoch === epoch;
          return (
            <li
              key={`${answer.sample_id}-${answer.epoch}`}
              data-answer-epoch={answer.epoch}
              aria-current={chosen ? "true" : undefined}
              className={cn(
                "grid items-start gap-x-2 border-b border-line/70 px-4 py-1.5",
                scored ? "grid-cols-[3.25rem_1.25rem_1fr]" : "grid-cols-[3.25rem_1fr]",
                chosen && "bg-accent-soft",
                answer.epoch === choice.compare && "shadow-[inset_2px_0_var(--accent)]",
              )}
            >
              <button
                type="button"
                onClick={() => onEpoch(answer.epoch)}
                title={`Step ${answer.step}`}
                className="nums rounded-sm py-0.5 text-left font-mono text-xs text-muted hover:text-ink hover:underline"
              >
                <span className="sr-only">Epoch </span>
                {answer.epoch}
              </button>
              {scored ? <Verdict exact={answer.exact_match} className="mt-0.5" /> : null}
              <div className={cn("min-w-0", same && !chosen && "text-muted")}>
                <LongText
                  text={answer.prediction}
                  label={`answer at epoch ${answer.epoch}`}
                  reveal={reveal}
                  against={comparison(answer, before, against, level)}
                />
                <AnswerFigures answer={answer} brief />
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
