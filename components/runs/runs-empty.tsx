"use client";

import type { TrainerCapability } from "@signalbox/protocol/service/backend";
import { Play, SlidersHorizontal } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { formatInteger } from "@/lib/format/number";
import { useCapabilities } from "@/lib/hooks/runs/use-capabilities";
import type { useStartJob } from "@/lib/hooks/runs/use-start-job";
import { AttachSnippetTabs } from "./new-run/attach-snippet-tabs";
import { type ConfigField, fieldGroups, initialValues, readForm } from "./new-run/config-form";

interface RunsEmptyProps {
  /** Owned by the page: the new run may be in the list before the request returns. */
  start: ReturnType<typeof useStartJob>;
  onCustomise: () => void;
}

/** The empty state: start a run with one click, or attach a script. */
export function RunsEmpty({ start, onCustomise }: RunsEmptyProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-5xl gap-x-12 gap-y-10 px-4 py-10 sm:px-6 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)] lg:py-20">
        <section aria-labelledby="start-title" className="flex min-w-0 flex-col gap-4">
          <header>
            <h2 id="start-title" className="text-xl font-semibold tracking-tight">
              Start a training run
            </h2>
            <p className="mt-1 text-sm text-pretty text-muted">
              Train a small transformer to pronounce English words on this machine. Within two
              minutes it gets words right, and you can pause, adjust and stop it as it learns.
            </p>
          </header>
          <StartWithDefaults start={start} onCustomise={onCustomise} />
        </section>
        <section aria-labelledby="attach-title" className="flex min-w-0 flex-col gap-3">
          <header>
            <h2 id="attach-title" className="text-base font-medium">
              Or attach your own script
            </h2>
            <p className="mt-1 text-sm text-pretty text-muted">
              Anything that speaks HTTP can send losses, logs and predictions here.
            </p>
          </header>
          <AttachSnippetTabs />
        </section>
      </div>
    </div>
  );
}

function StartWithDefaults({ start, onCustomise }: RunsEmptyProps) {
  const router = useRouter();
  const capabilities = useCapabilities();
  const trainer = capabilities.data?.trainers[0];

  if (capabilities.isPending) {
    return (
      <div className="flex flex-col gap-2" role="status" aria-label="Loading trainers">
        <Skeleton className="h-32 w-full rounded-md" />
        <Skeleton className="h-9 w-40 rounded-md" />
      </div>
    );
  }
  if (capabilities.isError || !trainer) {
    return (
      <ErrorState
        inline
        title="Training backend unavailable"
        error={capabilities.error ?? new Error("No trainers are available.")}
        onRetry={() => void capabilities.refetch()}
        retrying={capabilities.isFetching}
      />
    );
  }

  const groups = fieldGroups(trainer.config_schema);
  const { config } = readForm(groups, initialValues(groups));
  return (
    <>
      <Defaults trainer={trainer} fields={groups.flatMap((group) => group.fields)} />
      {start.isError ? (
        <ErrorState inline title="Could not start the run" error={start.error} />
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          size="lg"
          pending={start.isPending || start.isSuccess}
          onClick={() =>
            start.mutate(
              { kind: trainer.kind, config },
              { onSuccess: (job) => router.push(`/runs/${encodeURIComponent(job.id)}`) },
            )
          }
        >
          {start.isPending || start.isSuccess ? null : <Play aria-hidden />}
          Start training
        </Button>
        <Button size="lg" onClick={onCustomise}>
          <SlidersHorizontal aria-hidden />
          Customise…
        </Button>
      </div>
    </>
  );
}

/** The most important config values. */
function Defaults({
  trainer,
  fields,
}: {
  trainer: TrainerCapability;
  fields: readonly ConfigField[];
}) {
  const shown = fields
    .filter((field) => field.kind === "number" || field.kind === "integer")
    .slice(0, 6);
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-md border border-line bg-surface sm:grid-cols-3">
      <div className="col-span-full border-b border-line px-3 py-2">
        <dt className="sr-only">Trainer</dt>
        <dd className="text-sm font-medium">{trainer.name}</dd>
      </div>
      {shown.map((field) => (
        <div key={field.name} className="min-w-0 px-3 py-2">
          <dt className="truncate text-xs text-muted">{field.label}</dt>
          <dd className="nums truncate font-mono text-sm">{readable(field)}</dd>
        </div>
      ))}
    </dl>
  );
}

function readable(field: ConfigField): string {
  const value = Number(field.initial);
  return field.kind === "integer" ? formatInteger(value) : String(field.initial);
}
