import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { listCommands } from "@/lib/api/control";
import { queryKeys } from "@/lib/api/query-keys";
import type { TrainingStream } from "../use-training-stream";

/** The number of commands in the stream's snapshot. */
const inSnapshot = 50;
const kept = 500;

/** Loads the older commands of a run that has more than the snapshot. */
export function useCommandHistory(stream: TrainingStream, known: number): void {
  const { data } = useQuery({
    queryKey: queryKeys.jobs.commands(stream.jobId),
    queryFn: ({ signal }) => listCommands(stream.jobId, { limit: kept }, signal),
    enabled: known >= inSnapshot,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

  // The live store: adds the older commands.
  useEffect(() => {
    for (const command of data?.commands ?? []) stream.addCommand(command);
  }, [data, stream]);
}
