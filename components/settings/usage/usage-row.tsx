import type { LimitUsage } from "@signalbox/protocol/service/usage";
import { CircleAlert, TriangleAlert } from "lucide-react";
import { Meter } from "@/components/ui/feedback/meter";
import { type UsageRowContent, type UsageState, usageState, usageText } from "./usage-groups";

/** What a row counts, and a meter for each of its limits. */
export function UsageRow({ label, help, noun, usages }: UsageRowContent) {
  return (
    <li className="grid gap-x-8 gap-y-2 px-4 py-3 sm:grid-cols-2">
      <div className="min-w-0">
        <h3 className="text-sm font-medium">{label}</h3>
        <p className="mt-0.5 text-xs text-pretty text-muted">{help}</p>
      </div>
      <div className="flex min-w-0 flex-col justify-center gap-2.5">
        {usages.map((usage) => (
          <LimitMeter
            key={usage.limit}
            label={meterLabel(label, usage)}
            usage={usage}
            noun={noun}
          />
        ))}
      </div>
    </li>
  );
}

function meterLabel(label: string, { unit }: LimitUsage): string {
  return unit === "bytes" ? `Size of ${label.toLowerCase()}` : label;
}

interface LimitMeterProps {
  label: string;
  usage: LimitUsage;
  noun: string | undefined;
}

function LimitMeter({ label, usage, noun }: LimitMeterProps) {
  const text = usageText(usage, noun);
  const state = usageState(usage);
  const { bar, note } = states[state];
  return (
    <div>
      <div className="nums mb-1.5 flex flex-wrap items-baseline justify-between gap-x-3 text-xs">
        <span className="text-ink">{text}</span>
        {note}
      </div>
      <Meter value={usage.used} max={usage.maximum} label={label} text={text} barClassName={bar} />
      {state === "full" ? (
        <p className="mt-1.5 text-xs break-words text-muted">
          Set by <code className="text-ink">{usage.setting}</code>
        </p>
      ) : null}
    </div>
  );
}

const states: Record<UsageState, { bar: string; note: React.ReactNode }> = {
  room: { bar: "bg-accent", note: null },
  near: {
    bar: "bg-paused",
    note: (
      <span className="inline-flex items-center gap-1 text-paused">
        <TriangleAlert aria-hidden className="size-3 self-center" />
        Near the limit
      </span>
    ),
  },
  full: {
    bar: "bg-failed",
    note: (
      <span className="inline-flex items-center gap-1 text-failed">
        <CircleAlert aria-hidden className="size-3 self-center" />
        Limit reached
      </span>
    ),
  },
};
