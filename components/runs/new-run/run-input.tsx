"use client";

import type { JobKind } from "@signalbox/protocol/job/job";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { Input } from "@/components/ui/inputs/input";
import { listJobs } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";

interface RunInputProps {
  value: string;
  onValueChange: (id: string) => void;
  /** Kinds of runs to suggest; undefined suggests all. */
  kinds: readonly JobKind[] | undefined;
}

/** The id of a run, with the latest runs as suggestions. */
export function RunInput({ value, onValueChange, kinds }: RunInputProps) {
  const listId = useId();
  const query = { limit: 50, sort: "-updated", ...(kinds ? { kind: kinds } : {}) };
  const runs = useQuery({
    queryKey: queryKeys.jobs.list(query),
    queryFn: ({ signal }) => listJobs(query, signal),
  });
  return (
    <>
      <Input
        value={value}
        onValueChange={onValueChange}
        autoComplete="off"
        list={listId}
        className="font-mono text-xs"
      />
      <datalist id={listId}>
        {runs.data?.jobs.map((job) => (
          <option key={job.id} value={job.id} />
        ))}
      </datalist>
    </>
  );
}
