"use client";

import type { Command } from "@signalbox/protocol/job/command";
import type { LiveParam } from "@signalbox/protocol/job/job";
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Field } from "@/components/ui/inputs/field";
import { NumberField } from "@/components/ui/inputs/number-field";
import { Popover } from "@/components/ui/overlays/popover";
import { commandTrail, isOpen } from "@/lib/format/command-text";
import { formatLearningRate } from "@/lib/format/number";

interface LearningRateControlProps {
  current: number | null;
  range: LiveParam | undefined;
  /** The newest learning-rate command, if any. */
  last: Command | undefined;
  sending: boolean;
  failure: Error | null;
  disabledReason: string | undefined;
  onApply: (value: number) => void;
  onOpen: () => void;
}

/** The current learning rate, with a popover to change it. */
export function LearningRateControl(props: LearningRateControlProps) {
  const [open, setOpen] = useState(false);
  const { current, last, sending, disabledReason, onOpen } = props;
  const waiting = sending || (last !== undefined && isOpen(last));
  return (
    <div className="flex min-w-0 items-center gap-1.5 text-sm">
      <span className="text-muted">learning rate</span>
      <output className="nums font-mono font-medium text-ink" aria-label="Learning rate">
        {current === null ? "–" : formatLearningRate(current)}
      </output>
      {disabledReason ? (
        <Button size="sm" disabledReason={disabledReason}>
          Change
        </Button>
      ) : (
        <Popover
          open={open}
          onOpenChange={(next) => {
            setOpen(next);
            if (next) onOpen();
          }}
          align="end"
          title="Learning rate"
          trigger={
            <Button
              size="sm"
              aria-label={waiting ? "Changing learning rate" : "Change learning rate"}
            >
              <SlidersHorizontal aria-hidden />
              {waiting ? "Changing…" : "Change"}
            </Button>
          }
        >
          <LearningRateForm {...props} waiting={waiting} />
        </Popover>
      )}
    </div>
  );
}

function LearningRateForm({
  current,
  range,
  last,
  sending,
  failure,
  waiting,
  onApply,
}: LearningRateControlProps & { waiting: boolean }) {
  const [value, setValue] = useState<number | null>(current);
  const problem = rangeProblem(value, range);
  const scale = (factor: number) => {
    if (value === null) return;
    const next = Number((value * factor).toPrecision(12));
    setValue(Math.min(range?.max ?? next, Math.max(range?.min ?? next, next)));
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== null && problem === undefined) onApply(value);
      }}
    >
      <Field
        label="New value"
        hint={rangeHint(range)}
        error={problem}
        help="Applies from the next step. A schedule keeps its shape, scaled to the new value."
      >
        <div className="flex gap-1.5">
          <NumberField
            className="min-w-0 flex-1"
            label="New learning rate"
            value={value}
            onValueChange={(next) => setValue(next)}
            min={range?.min}
            max={range?.max}
            logarithmic
            format={formatLearningRate}
          />
          <Button aria-label="Halve" onClick={() => scale(0.5)} className="px-2.5">
            ½
          </Button>
          <Button aria-label="Double" onClick={() => scale(2)} className="px-2.5">
            ×2
          </Button>
        </div>
      </Field>
      {failure ? (
        <ErrorState inline title="Could not change the learning rate" error={failure} />
      ) : null}
      <div className="flex items-center justify-between gap-2">
        <p className="nums min-w-0 text-xs text-pretty text-muted" aria-live="polite">
          {last ? commandTrail(last) : ""}
        </p>
        <Button
          type="submit"
          variant="primary"
          pending={sending}
          disabled={value === null || problem !== undefined || waiting || value === current}
        >
          Apply
        </Button>
      </div>
    </form>
  );
}

function rangeHint(range: LiveParam | undefined): string | undefined {
  if (range?.min === undefined && range?.max === undefined) return undefined;
  const end = (value: number | undefined) => (value === undefined ? "" : formatLearningRate(value));
  return `${end(range.min)} … ${end(range.max)}`;
}

function rangeProblem(value: number | null, range: LiveParam | undefined): string | undefined {
  if (value === null) return "Enter a number, such as 3e-4.";
  if (range?.min !== undefined && value < range.min) {
    return `Must be at least ${formatLearningRate(range.min)}.`;
  }
  if (range?.max !== undefined && value > range.max) {
    return `Must be at most ${formatLearningRate(range.max)}.`;
  }
  return value < 0 ? "Must not be negative." : undefined;
}
