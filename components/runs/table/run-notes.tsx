"use client";

import { textFieldMax } from "@signalbox/protocol/wire/primitives";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/inputs/textarea";
import { Popover } from "@/components/ui/overlays/popover";
import { useUpdateJob } from "@/lib/hooks/runs/use-job";

interface RunNotesProps {
  id: string;
  name: string;
  notes: string;
}

/** The first line of a run's notes; opens an editor. */
export function RunNotes({ id, name, notes }: RunNotesProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const update = useUpdateJob(id);
  const firstLine = notes.trim().split("\n", 1)[0];
  const save = () => update.mutate({ notes: draft ?? notes }, { onSuccess: () => setDraft(null) });
  return (
    <Popover
      open={draft !== null}
      onOpenChange={(open) => setDraft(open ? notes : null)}
      title={`Notes on ${name}`}
      className="w-80"
      trigger={
        <button
          type="button"
          aria-label={firstLine ? `Notes on ${name}: ${firstLine}` : `Add notes to ${name}`}
          className="min-w-0 flex-1 truncate rounded-sm text-left text-xs text-muted hover:text-ink"
        >
          {firstLine || <span className="text-faint">Add…</span>}
        </button>
      }
    >
      <div className="flex flex-col gap-2">
        <Textarea
          aria-label="Notes"
          value={draft ?? ""}
          maxLength={textFieldMax}
          className="min-h-28"
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save();
          }}
        />
        {update.error ? <p className="text-xs text-failed">{update.error.message}</p> : null}
        <Button variant="primary" size="sm" pending={update.isPending} onClick={save}>
          Save
        </Button>
      </div>
    </Popover>
  );
}
