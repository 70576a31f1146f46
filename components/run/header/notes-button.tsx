"use client";

import { textFieldMax } from "@signalbox/protocol/wire/primitives";
import { StickyNote } from "lucide-react";
import { memo, useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Field } from "@/components/ui/inputs/field";
import { Textarea } from "@/components/ui/inputs/textarea";
import { Dialog } from "@/components/ui/overlays/dialog";
import { useUpdateJob } from "@/lib/hooks/runs/use-job";

/** The first line of the notes; opens an editor. */
export const NotesButton = memo(function NotesButton({ id, notes }: { id: string; notes: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  const update = useUpdateJob(id);
  const firstLine = notes.trim().split("\n", 1)[0];
  const save = () => {
    if (draft === null) return;
    update.mutate({ notes: draft }, { onSuccess: () => setDraft(null) });
  };
  return (
    <>
      <button
        type="button"
        onClick={() => {
          update.reset();
          setDraft(notes);
        }}
        className="inline-flex h-5 max-w-64 min-w-0 items-center gap-1 rounded-sm text-xs text-muted hover:text-ink pointer-coarse:h-7"
      >
        <StickyNote aria-hidden className="size-3 shrink-0" />
        <span className="truncate">{firstLine || "Add notes"}</span>
      </button>
      <Dialog
        open={draft !== null}
        onOpenChange={(open) => {
          if (!open) setDraft(null);
        }}
        title="Notes"
        description="What this run is for and what you observed. Notes are searchable."
        footer={
          <>
            <Button onClick={() => setDraft(null)}>Cancel</Button>
            <Button variant="primary" pending={update.isPending} onClick={save}>
              Save
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-3">
          <Field label={<span className="sr-only">Notes</span>}>
            <Textarea
              value={draft ?? ""}
              maxLength={textFieldMax}
              className="min-h-40"
              onChange={(event) => setDraft(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save();
              }}
            />
          </Field>
          {update.error ? (
            <ErrorState inline title="Could not save notes" error={update.error} />
          ) : null}
        </div>
      </Dialog>
    </>
  );
});
