"use client";

import type { Usage } from "@signalbox/protocol/service/usage";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { useUsage } from "@/lib/hooks/account/use-usage";
import { SettingsHeader } from "../settings-header";
import { rowsOf, usageGroups } from "./usage-groups";
import { UsageRow } from "./usage-row";

/** Every limit of the user, with how much of it is used. */
export function UsageView() {
  const usage = useUsage();
  return (
    <>
      <SettingsHeader title="Usage">
        What your runs, programs and pages use of what this dashboard gives each user. Whoever runs
        it sets the limits.
      </SettingsHeader>
      {usage.isPending ? (
        <UsageSkeleton />
      ) : usage.isError ? (
        <ErrorState
          title="Could not load usage"
          error={usage.error}
          onRetry={() => void usage.refetch()}
          retrying={usage.isFetching}
        />
      ) : (
        <UsageSections usage={usage.data} />
      )}
    </>
  );
}

function UsageSections({ usage }: { usage: Usage }) {
  return usageGroups.map(({ title, rows }) => (
    <section key={title} aria-label={title} className="mb-8">
      <h2 className="mb-2 text-base font-medium">{title}</h2>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {rowsOf(rows, usage).map((row) => (
          <UsageRow key={row.label} {...row} />
        ))}
      </ul>
    </section>
  ));
}

function UsageSkeleton() {
  return (
    <div role="status" aria-label="Loading usage" className="flex flex-col gap-8">
      {usageGroups.map(({ title, rows }) => (
        <div key={title}>
          <Skeleton className="mb-3 h-5 w-20" />
          <div className="divide-y divide-line rounded-lg border border-line bg-surface">
            {rows.map(({ label }) => (
              <div key={label} className="grid gap-x-8 gap-y-3 px-4 py-3.5 sm:grid-cols-2">
                <Skeleton className="h-8 w-48" />
                <Skeleton className="h-8 w-full" />
              </div>
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
