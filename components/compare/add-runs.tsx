"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/inputs/checkbox";
import { Input } from "@/components/ui/inputs/input";
import { Popover } from "@/components/ui/overlays/popover";
import { StatePill } from "@/components/ui/status/state-pill";
import { listJobs } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";

interface AddRunsProps {
  ids: readonly string[];
  onChange: (ids: string[]) => void;
  primary?: boolean;
}

/** A searchable list of runs with checkboxes. */
export function AddRuns({ ids, onChange, primary = false }: AddRunsProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="Choose runs"
      titleHidden
      align="end"
      className="w-80"
      trigger={
        <Button size="sm" variant={primary ? "primary" : "secondary"}>
          <Plus aria-hidden />
          {primary ? "Choose runs" : "Add runs"}
        </Button>
      }
    >
      <Choice ids={ids} onChange={onChange} />
    </Popover>
  );
}

function Choice({ ids, onChange }: AddRunsProps) {
  const [text, setText] = useState("");
  const query = { limit: 30, q: useDeferredValue(text.trim()), sort: "-updated" };
  const { data } = useQuery({
    queryKey: queryKeys.jobs.list(query),
    queryFn: ({ signal }) => listJobs(query, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="flex flex-col gap-2">
      <Input
        autoFocus
        type="search"
        aria-label="Search runs"
        placeholder="Search runs"
        value={text}
        onValueChange={setText}
      />
      <ul aria-label="Runs found" className="-mx-1 flex max-h-72 flex-col overflow-y-auto">
        {data?.jobs.map((job) => (
          <li key={job.id}>
            {/* biome-ignore lint/a11y/noLabelWithoutControl: the box inside is its control. */}
            <label className="flex h-8 items-center gap-2 rounded-md px-2 text-sm hover:bg-hover">
              <Checkbox
                checked={ids.includes(job.id)}
                aria-label={job.name}
                onCheckedChange={(on) =>
                  onChange(on ? [...ids, job.id] : ids.filter((id) => id !== job.id))
                }
              />
              <span className="min-w-0 flex-1 truncate">{job.name}</span>
              <StatePill status={job.status} />
            </label>
          </li>
        ))}
      </ul>
      {data?.jobs.length === 0 ? <p className="px-1 text-xs text-muted">No results</p> : null}
    </div>
  );
}
