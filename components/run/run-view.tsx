"use client";

import { useCallback, useEffect } from "react";
import { useCommandHistory } from "@/lib/hooks/runs/use-command-history";
import { latestJob, useJob } from "@/lib/hooks/runs/use-job";
import { useJobCommand } from "@/lib/hooks/runs/use-job-command";
import { useLiveFromSeq } from "@/lib/hooks/use-live-from-seq";
import { useTrainingStream } from "@/lib/hooks/use-training-stream";
import { ConnectionNotice } from "./connection-notice";
import { RunHeader } from "./header/run-header";
import { StateBanner } from "./header/state-banner";
import { RunFailure } from "./run-failure";
import { RunSkeleton } from "./run-skeleton";
import { RunTabs, useRunTab } from "./run-tabs";

/** One run: state and controls on top, tabs below. */
export function RunView({ id }: { id: string }) {
  const fetched = useJob(id);
  const { job: streamed, connection, commands, stream } = useTrainingStream(id);
  const control = useJobCommand(stream, commands);
  useCommandHistory(stream, commands.length);
  const liveFromSeq = useLiveFromSeq(connection.cursor);
  const currentStep = useCallback(() => stream.getSnapshot().job?.current_step ?? null, [stream]);
  const [tab, setTab] = useRunTab();
  const job = latestJob(streamed, fetched.data);
  const name = job?.name;

  // The live store: a fetched job may be newer than the streamed one.
  useEffect(() => {
    if (fetched.data) stream.applyJob(fetched.data);
  }, [fetched.data, stream]);

  // The window's title.
  useEffect(() => {
    if (name) document.title = `${name} · Signalbox`;
  }, [name]);

  if (!job) {
    return fetched.error ? (
      <RunFailure
        error={fetched.error}
        retrying={fetched.isFetching}
        onRetry={() => void fetched.refetch()}
      />
    ) : (
      <RunSkeleton />
    );
  }
  return (
    <div className="flex min-w-0 flex-1 flex-col" data-run={job.id} data-status={job.status}>
      <RunHeader job={job} connection={connection} control={control} currentStep={currentStep} />
      <ConnectionNotice connection={connection} onRetry={stream.restart} />
      <StateBanner job={job} onShowLogs={() => setTab("logs")} />
      <RunTabs
        tab={tab}
        onTab={setTab}
        job={job}
        commands={commands}
        stream={stream}
        liveFromSeq={liveFromSeq}
      />
    </div>
  );
}
