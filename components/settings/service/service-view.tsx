"use client";

import type { ServiceReply } from "@signalbox/protocol/service/service-status";
import { notFound } from "next/navigation";
import { SettingsHeader } from "@/components/settings/settings-header";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { RelativeTime } from "@/components/ui/relative-time";
import { ApiError } from "@/lib/api/errors";
import { useService } from "@/lib/hooks/account/use-service";
import { servicePanels, trendOf } from "./service-panels";
import { ServiceStates } from "./service-states";
import { ServiceTotals } from "./service-totals";
import { ServiceTrend } from "./service-trend";

/** What the service does now, for its administrators. */
export function ServiceView() {
  const service = useService();
  // Everybody else gets the page that an unknown address gets.
  if (service.error instanceof ApiError && service.error.status === 404) notFound();
  return (
    <>
      <SettingsHeader title="Service">
        The last 15 minutes of this web process, for all users. A monitoring system can read the
        same from <code className="font-mono text-xs">/api/metrics</code>.
      </SettingsHeader>
      {service.data ? (
        <>
          {service.isError ? (
            <ErrorState
              inline
              className="mb-4"
              title="Not up to date"
              error={service.error}
              onRetry={() => void service.refetch()}
              retrying={service.isFetching}
            />
          ) : null}
          <Measured service={service.data} />
        </>
      ) : service.isError ? (
        <ErrorState
          title="Could not load the service's state"
          error={service.error}
          onRetry={() => void service.refetch()}
          retrying={service.isFetching}
        />
      ) : (
        <ServiceSkeleton />
      )}
    </>
  );
}

function Measured({ service }: { service: ServiceReply }) {
  const { states, samples, totals, version, started_at } = service;
  return (
    <>
      <ServiceStates states={states} />
      {samples.length === 0 ? (
        <p className="mb-4 text-sm text-muted" role="status">
          The first measurements come within a few seconds.
        </p>
      ) : null}
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {servicePanels.map((panel) => (
          <ServiceTrend
            key={panel.measure}
            panel={panel}
            points={trendOf(samples, panel.measure)}
          />
        ))}
      </div>
      <ServiceTotals totals={totals} />
      <p className="mt-4 text-xs text-faint">
        Signalbox {version}, web process started <RelativeTime value={started_at} />.
      </p>
    </>
  );
}

function ServiceSkeleton() {
  return (
    <div role="status" aria-label="Loading the service's state">
      <Skeleton className="mb-4 h-16 w-full rounded-lg" />
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {servicePanels.map(({ measure }) => (
          <Skeleton key={measure} className="h-32 w-full rounded-lg" />
        ))}
      </div>
    </div>
  );
}
