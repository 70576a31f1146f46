"use client";

import type { Command } from "@signalbox/protocol/job/command";
import type { Job } from "@signalbox/protocol/job/job";
import { useMemo } from "react";
import { useSyncExternalStoreWithSelector } from "use-sync-external-store/with-selector";
import type { Connection } from "@/lib/stream/connection/connection";
import { trainingStore } from "@/lib/stream/store/store-registry";
import type { TrainingSnapshot, TrainingStore } from "@/lib/stream/store/training-store";

export type TrainingStream = TrainingStore;
export type { TrainingSnapshot };

/**
 * A part of a run's live state. The component renders again only when `selector` returns another
 * value (by `Object.is`): select slices or primitives, don't build new objects.
 */
export function useStreamSlice<T>(
  stream: TrainingStream,
  selector: (snapshot: TrainingSnapshot) => T,
): T {
  const { subscribe, getSnapshot } = stream;
  return useSyncExternalStoreWithSelector(subscribe, getSnapshot, getSnapshot, selector);
}

const selectJob = ({ job }: TrainingSnapshot) => job;
const selectConnection = ({ connection }: TrainingSnapshot) => connection;
const selectCommands = ({ commands }: TrainingSnapshot) => commands;

interface UseTrainingStream {
  job: Job | null;
  connection: Connection;
  /** Newest first. */
  commands: readonly Command[];
  /** For `useStreamSlice`: series, logs and activity without rendering for each other. */
  stream: TrainingStream;
}

/** A run, live. Components on one page that watch the same run share one connection. */
export function useTrainingStream(
  jobId: string,
  { initialJob = null }: { initialJob?: Job | null } = {},
): UseTrainingStream {
  const stream = useMemo(() => trainingStore(jobId, initialJob), [jobId, initialJob]);
  const job = useStreamSlice(stream, selectJob);
  const connection = useStreamSlice(stream, selectConnection);
  const commands = useStreamSlice(stream, selectCommands);
  return { job, connection, commands, stream };
}
