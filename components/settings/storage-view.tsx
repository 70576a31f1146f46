"use client";

import type { Retention } from "@signalbox/protocol/service/retention";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { formatInteger } from "@/lib/format/number";
import { useRetention } from "@/lib/hooks/account/use-retention";
import { RetentionForm } from "./retention-form";
import { SettingsHeader } from "./settings-header";

/** What is stored, and how long it is kept. */
export function StorageView() {
  const retention = useRetention();
  return (
    <>
      <SettingsHeader title="Storage">
        Signalbox keeps everything unless you set a limit here. Limits apply to all of your runs.
      </SettingsHeader>
      {retention.isPending ? (
        <StorageSkeleton />
      ) : retention.isError ? (
        <ErrorState
          title="Could not load settings"
          error={retention.error}
          onRetry={() => void retention.refetch()}
          retrying={retention.isFetching}
        />
      ) : (
        <>
          <Stored stored={retention.data.stored} />
          <RetentionForm
            key={`${retention.data.archived_days} ${retention.data.points_days}`}
            saved={retention.data}
          />
        </>
      )}
    </>
  );
}

function Stored({ stored }: { stored: Retention["stored"] }) {
  const figures = [
    ["Runs", stored.runs],
    ["Archived", stored.archived],
    ["Points logged", stored.points],
  ] as const;
  return (
    <dl className="mb-6 grid max-w-xl grid-cols-3 divide-x divide-line rounded-lg border border-line bg-surface">
      {figures.map(([label, value]) => (
        <div key={label} className="min-w-0 px-4 py-3">
          <dt className="truncate text-xs text-muted">{label}</dt>
          <dd className="nums mt-0.5 truncate text-base">{formatInteger(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function StorageSkeleton() {
  return (
    <div role="status" aria-label="Loading settings" className="flex max-w-xl flex-col gap-6">
      <Skeleton className="h-16 w-full rounded-lg" />
      <Skeleton className="h-14 w-full rounded-md" />
      <Skeleton className="h-14 w-full rounded-md" />
    </div>
  );
}
