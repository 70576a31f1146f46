"use client";

import { Pencil } from "lucide-react";
import { memo, useRef, useState } from "react";
import { toast } from "sonner";
import { IconButton } from "@/components/ui/icon-button";
import { describeError } from "@/lib/api/errors";
import { useUpdateJob } from "@/lib/hooks/runs/use-job";

/** The run's name as the page heading; a click edits it. */
export const EditableName = memo(function EditableName({ id, name }: { id: string; name: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  const pencil = useRef<HTMLButtonElement>(null);
  const update = useUpdateJob(id);
  const shown = update.isPending ? (update.variables.name ?? name) : name;

  const leave = () => {
    setDraft(null);
    requestAnimationFrame(() => pencil.current?.focus());
  };
  const save = () => {
    const next = draft?.trim();
    leave();
    if (!next || next === name) return;
    update.mutate(
      { name: next },
      {
        onError: (error) =>
          toast.error("Could not rename the run", { description: describeError(error).message }),
      },
    );
  };

  if (draft !== null) {
    return (
      <form
        className="min-w-0 flex-1 sm:max-w-md"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <input
          // biome-ignore lint/a11y/noAutofocus: the reader has just asked to write here.
          autoFocus
          aria-label="Run name"
          value={draft}
          maxLength={256}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === "Escape") leave();
          }}
          className="touch-text -mx-1.5 h-8 w-full rounded-md border border-accent-ink bg-surface px-1.5 text-lg font-semibold tracking-tight outline-hidden"
        />
      </form>
    );
  }
  return (
    <div className="group flex min-w-0 items-center gap-0.5">
      <h1 className="min-w-0 truncate text-lg font-semibold tracking-tight" title={shown}>
        <bdi>{shown}</bdi>
      </h1>
      <IconButton
        ref={pencil}
        label="Rename"
        size="sm"
        className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
        onClick={() => setDraft(name)}
      >
        <Pencil />
      </IconButton>
    </div>
  );
});
