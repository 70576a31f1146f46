"use client";

import type { Job } from "@signalbox/protocol/job/job";
import { TagIcon } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/inputs/input";
import { Popover } from "@/components/ui/overlays/popover";
import { Tag } from "@/components/ui/tag";

interface TagMenuProps {
  jobs: readonly Job[];
  onTag: (tag: string) => void;
  onUntag: (tag: string) => void;
}

/** Adds a tag to the selected runs, or removes one. */
export function TagMenu({ jobs, onTag, onUntag }: TagMenuProps) {
  const [text, setText] = useState("");
  const tags = [...new Set(jobs.flatMap((job) => job.tags))].sort();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") onTag(text.trim());
    setText("");
  };
  return (
    <Popover
      title="Tags of selected runs"
      side="top"
      trigger={
        <Button variant="ghost" size="sm">
          <TagIcon aria-hidden />
          Tag
        </Button>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-2">
        <div className="flex flex-wrap gap-1">
          {tags.map((tag) => (
            <Tag key={tag} removeLabel={`Remove tag ${tag}`} onRemove={() => onUntag(tag)}>
              {tag}
            </Tag>
          ))}
        </div>
        <div className="flex gap-2">
          <Input
            aria-label="New tag"
            placeholder="Add tag"
            maxLength={64}
            value={text}
            onValueChange={setText}
            className="min-w-0 flex-1"
          />
          <Button type="submit" disabled={text.trim() === ""}>
            Add
          </Button>
        </div>
      </form>
    </Popover>
  );
}
