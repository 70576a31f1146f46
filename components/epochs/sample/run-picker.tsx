"use client";

import { Select } from "@/components/ui/inputs/select";
import { useJobs } from "@/lib/hooks/runs/use-jobs";

interface RunPickerProps {
  jobId: string;
  value: string | null;
  onValueChange: (run: string | null) => void;
}

const query = { sort: "-created" };
const none = "";

/** Picks the run to compare the sample with, out of the newest hundred. */
export function RunPicker({ jobId, value, onValueChange }: RunPickerProps) {
  const { data } = useJobs(query);
  const runs = (data?.pages[0]?.jobs ?? []).filter(({ id }) => id !== jobId);
  const known = value === null || runs.some(({ id }) => id === value);
  if (runs.length === 0 && value === null) return null;
  return (
    <Select
      label="Compare with run"
      className="h-7 w-48 text-xs pointer-coarse:h-9"
      value={value ?? none}
      onValueChange={(next) => onValueChange(next === none ? null : next)}
      options={[
        { value: none, label: "This run" },
        ...(known ? [] : [{ value: value ?? none, label: value ?? "" }]),
        ...runs.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}
