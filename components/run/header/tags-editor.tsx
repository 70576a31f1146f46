"use client";

import { Plus } from "lucide-react";
import { type KeyboardEvent, memo, useState } from "react";
import { toast } from "sonner";
import { Tag } from "@/components/ui/tag";
import { describeError } from "@/lib/api/errors";
import { useUpdateJob } from "@/lib/hooks/runs/use-job";

/** A run's tags, editable in place. */
export const TagsEditor = memo(function TagsEditor({
  id,
  tags,
}: {
  id: string;
  tags: readonly string[];
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const update = useUpdateJob(id);
  const shown = (update.isPending ? update.variables.tags : undefined) ?? tags;

  const save = (next: string[]) =>
    update.mutate(
      { tags: next },
      {
        onError: (error) =>
          toast.error("Could not update tags", { description: describeError(error).message }),
      },
    );
  const add = () => {
    const tag = draft?.trim();
    if (tag && !shown.includes(tag)) save([...shown, tag]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add();
      setDraft("");
    } else if (event.key === "Escape") {
      setDraft(null);
    } else if (event.key === "Backspace" && draft === "" && shown.length > 0) {
      save(shown.slice(0, -1));
    }
  };

  return (
    <div className="flex flex-wrap items-center gap-1">
      {shown.map((tag) => (
        <Tag
          key={tag}
          removeLabel={`Remove tag ${tag}`}
          onRemove={() => save(shown.filter((other) => other !== tag))}
        >
          {tag}
        </Tag>
      ))}
      {draft === null ? (
        <button
          type="button"
          onClick={() => setDraft("")}
          className="inline-flex h-5 items-center gap-0.5 rounded-sm border border-dashed border-line-strong px-1.5 text-xs text-muted hover:border-faint hover:text-ink pointer-coarse:h-7"
        >
          <Plus aria-hidden className="size-3" />
          tag
        </button>
      ) : (
        <input
          // biome-ignore lint/a11y/noAutofocus: the reader has just asked to write here.
          autoFocus
          aria-label="New tag"
          value={draft}
          maxLength={64}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={() => {
            add();
            setDraft(null);
          }}
          onKeyDown={onKeyDown}
          className="touch-text h-5 w-24 rounded-sm border border-accent-ink bg-surface px-1.5 text-xs outline-hidden"
        />
      )}
    </div>
  );
});
