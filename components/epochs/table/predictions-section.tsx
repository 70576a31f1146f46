"use client";

import type { PredictionTrend } from "@signalbox/protocol/data/prediction";
import { SearchX } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { formatInteger } from "@/lib/format/number";
import { usePredictionRows } from "@/lib/hooks/predictions/use-prediction-rows";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import { pageSize, pagesFor } from "@/lib/predictions/page-window";
import type { Comparing, EpochMeasures } from "@/lib/predictions/scores/epoch-measures";
import { SamplePanel } from "../sample/sample-panel";
import type { EpochParams } from "../use-epoch-params";
import { defaultColumns } from "./column-ids";
import { ExportMenu } from "./export-menu";
import { PredictionTable } from "./prediction-table";
import { TableToolbar } from "./table-toolbar";
import { useHeldEpoch } from "./use-held-epoch";
import { useNextSample } from "./use-next-sample";
import { usePredictionView } from "./use-prediction-view";

interface PredictionsSectionProps {
  jobId: string;
  trends: readonly PredictionTrend[];
  measures: EpochMeasures;
  comparing: Comparing;
  choice: EpochChoice;
  epochs: EpochParams;
  /** False hides the table; the sample's panel stays. */
  shown: boolean;
  onOpen: (sample: number, epoch?: number) => void;
}

/** The predictions of one epoch: toolbar, table and the open sample. */
export function PredictionsSection(props: PredictionsSectionProps) {
  const { jobId, trends, measures, comparing, choice, epochs, shown, onOpen } = props;
  const { params, set } = epochs;
  const view = useHeldEpoch(usePredictionView(choice, epochs, comparing), choice.follows);
  const [inSight, setInSight] = useState<readonly number[]>([0]);
  const [wanted, setWanted] = useState<number | null>(null);
  const [knownTotal, setKnownTotal] = useState<number | null>(null);
  const onRange = useCallback(
    (first: number, last: number) => {
      const next = pagesFor(first, last, knownTotal);
      setInSight((held) => (held.join() === next.join() ? held : next));
    },
    [knownTotal],
  );
  const pages = useMemo(
    () => (wanted === null ? inSight : [...new Set([...inSight, Math.floor(wanted / pageSize)])]),
    [inSight, wanted],
  );
  const rows = usePredictionRows(jobId, view.value, pages);
  if (rows.total !== knownTotal) setKnownTotal(rows.total);

  const compared = choice.compare !== null;
  const narrow = params.sample !== null;
  const defaults = useMemo(
    () => defaultColumns(measures, { compared, narrow, by: comparing.by }),
    [measures, compared, narrow, comparing.by],
  );
  const columns = params.cols ?? defaults;
  const next = useNextSample({ rows, sample: params.sample, wanted, setWanted, onOpen });
  const filtered = params.filter !== null || params.q !== "" || params.where.length > 0;

  return (
    <>
      {shown ? (
        <section
          aria-label="Predictions"
          data-rows={rows.total ?? undefined}
          data-shown-epoch={view.value.epoch}
          {...view.hold}
          className={cn(
            "relative flex min-w-0 flex-1 flex-col overflow-hidden rounded-lg border border-line bg-surface",
            "max-xl:h-[calc(100dvh-9rem)] max-xl:min-h-96 max-xl:flex-none",
          )}
        >
          <h2 className="flex items-baseline gap-2 px-3 pt-2 text-sm font-medium">
            Predictions at epoch {view.value.epoch}
            <span className="nums text-xs font-normal text-faint" aria-live="polite">
              {rows.total === null ? "" : formatInteger(rows.total)}
              {filtered ? " found" : ""}
            </span>
            {view.waiting === null ? null : (
              <Button size="sm" variant="primary" className="ml-auto h-6" onClick={view.release}>
                Show epoch {view.waiting}
              </Button>
            )}
          </h2>
          <TableToolbar
            epochs={epochs}
            measures={measures}
            comparing={comparing}
            compared={compared}
            trend={trends.find(({ epoch }) => epoch === view.value.epoch)}
            columns={{ shown: columns, defaults }}
          >
            <ExportMenu jobId={jobId} view={view.value} total={rows.total} />
          </TableToolbar>
          {rows.error && rows.total !== null ? (
            <ErrorState
              inline
              className="m-1.5"
              title="Could not load some rows"
              error={rows.error}
              onRetry={rows.retry}
            />
          ) : null}
          {rows.total === null ? (
            rows.error ? (
              <ErrorState
                title="Could not load predictions"
                error={rows.error}
                onRetry={rows.retry}
              />
            ) : (
              <RowsSkeleton />
            )
          ) : rows.total === 0 && !rows.busy ? (
            <EmptyState
              icon={<SearchX />}
              title="No matching predictions"
              action={
                <Button onClick={() => void set({ q: null, filter: null, where: null })}>
                  Show all predictions
                </Button>
              }
            />
          ) : (
            <PredictionTable
              rows={rows}
              onRange={onRange}
              view={{
                columns,
                sort: params.sort,
                onSort: (sort) => void set({ sort }),
                compared,
                comparing,
                scored: measures.scored,
                reveal: params.reveal,
                resetKey: [
                  params.sort,
                  params.filter,
                  comparing.by,
                  view.value.q,
                  ...params.where,
                ].join(" "),
              }}
              selection={{ sample: params.sample, onOpen, goTo: next.goTo }}
            />
          )}
        </section>
      ) : null}
      {params.sample === null ? null : (
        <SamplePanel
          jobId={jobId}
          sample={params.sample}
          choice={choice}
          epochs={epochs}
          onNext={next.next}
          onPrevious={next.previous}
          position={next.position}
        />
      )}
    </>
  );
}

function RowsSkeleton() {
  return (
    <div className="flex flex-col gap-5.5 p-3" aria-busy>
      {["w-2/3", "w-1/2", "w-3/4", "w-3/5", "w-2/5", "w-1/2", "w-2/3", "w-1/3"].map(
        (width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes.
          <Skeleton key={index} className={width} />
        ),
      )}
    </div>
  );
}
