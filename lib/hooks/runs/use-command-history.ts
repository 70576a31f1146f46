import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { listCommands } from "@/lib/api/control";
import { queryKeys } from "@/lib/api/query-keys";
import type { TrainingStream } from "../use-training-stream";

/** As many as the stream's first frame brings. */
const inSnapshot = 50;
const kept = 500;

/** Completes a run's commands where it has had more than the stream begins with. */
export function useCommandHistory(stream: TrainingStream, known: number): void {
  const { data } = useQuery({
    queryKey: queryKeys.jobs.commands(stream.jobId),
    queryFn: ({ signal }) => listCommands(stream.jobId, { limit: kept }, signal),
    enabled: known >= inSnapshot,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

  // The live store: older commands join those that it knows.
  useEffect(() => {
    for (const command of data?.commands ?? []) stream.addCommand(command);
  }, [data, stream]);
}
