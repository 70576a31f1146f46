import type { ServiceReply } from "@signalbox/protocol/service/service-status";
import { Check, CircleAlert, Minus } from "lucide-react";
import { cn } from "@/components/ui/cn";

const parts = [
  ["database", "Database"],
  ["realtime", "Realtime"],
  ["backend", "Training backend"],
] as const;

/** Whether each part of the service answers. */
export function ServiceStates({ states }: { states: ServiceReply["states"] }) {
  return (
    <dl className="mb-4 grid rounded-lg border border-line bg-surface max-sm:divide-y sm:grid-cols-3 sm:divide-x divide-line">
      {parts.map(([part, label]) => (
        <div key={part} className="min-w-0 px-4 py-3">
          <dt className="text-xs text-muted">{label}</dt>
          <dd className="mt-0.5 flex items-start gap-1.5 text-sm">
            <State state={states[part]} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function State({ state }: { state: string }) {
  const known = state === "ok" || state === "not set up";
  const Icon = state === "ok" ? Check : known ? Minus : CircleAlert;
  const colour = state === "ok" ? "text-succeeded" : known ? "text-faint" : "text-failed";
  return (
    <>
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", colour)} />
      <span className="min-w-0 break-words">{state === "ok" ? "OK" : sentence(state)}</span>
    </>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
