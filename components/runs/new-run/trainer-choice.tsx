import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import type { TrainerCapability } from "@signalbox/protocol/service/backend";
import { Tag } from "@/components/ui/tag";

interface TrainerChoiceProps {
  trainers: readonly TrainerCapability[];
  value: string;
  onChange: (name: string) => void;
}

/** The trainers of the training backend, one to be chosen. */
export function TrainerChoice({ trainers, value, onChange }: TrainerChoiceProps) {
  return (
    <RadioGroup
      aria-label="Trainer"
      value={value}
      onValueChange={(next: string) => onChange(next)}
      className="grid gap-2 sm:grid-cols-2"
    >
      {trainers.map((trainer) => (
        <Radio.Root
          key={trainer.name}
          value={trainer.name}
          nativeButton
          render={<button type="button" />}
          className="flex flex-col items-start gap-1 rounded-md border border-line-strong px-3 py-2.5 text-left transition-colors hover:bg-hover data-checked:border-accent-ink data-checked:bg-accent-soft"
        >
          <span className="flex w-full items-start justify-between gap-2 text-sm font-medium">
            {trainer.name}
            <Tag mono>{trainer.kind}</Tag>
          </span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
