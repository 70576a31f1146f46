"use client";

import { type KeyboardEvent, useState } from "react";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/inputs/input";
import { Tag } from "@/components/ui/tag";

interface TagsInputProps {
  value: readonly string[];
  onValueChange: (tags: string[]) => void;
  placeholder?: string;
  label?: string;
  className?: string;
}

/** Adds the comma-separated tags of a text, without duplicates. */
function addTags(tags: readonly string[], text: string): string[] {
  const added = text
    .split(",")
    .map((tag) => tag.trim().slice(0, 64))
    .filter(Boolean);
  return [...new Set([...tags, ...added])].slice(0, 50);
}

/** A tag input: Enter or a comma adds a tag, Backspace in the empty field removes the last one. */
export function TagsInput({ value, onValueChange, placeholder, label, className }: TagsInputProps) {
  const [text, setText] = useState("");

  const commit = (from: string) => {
    const next = addTags(value, from);
    if (next.length !== value.length) onValueChange(next);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && text.trim() !== "") {
      event.preventDefault();
      commit(text);
    }
    if (event.key === "Backspace" && text === "") onValueChange(value.slice(0, -1));
  };

  return (
    <div
      className={cn(
        "flex min-h-8 w-full flex-wrap items-center gap-1 rounded-md border border-line-strong bg-surface px-1.5 py-1 focus-within:border-accent-ink focus-within:outline-1 focus-within:outline-accent-ink",
        className,
      )}
    >
      {value.map((tag) => (
        <Tag
          key={tag}
          removeLabel={`Remove tag ${tag}`}
          onRemove={() => onValueChange(value.filter((each) => each !== tag))}
        >
          {tag}
        </Tag>
      ))}
      <Input
        value={text}
        aria-label={label}
        placeholder={value.length === 0 ? placeholder : undefined}
        onValueChange={(next) => (next.includes(",") ? commit(next) : setText(next))}
        onKeyDown={onKeyDown}
        onBlur={() => commit(text)}
        autoComplete="off"
        className="h-5.5 w-24 flex-1 border-0 bg-transparent px-1 focus-visible:outline-0"
      />
    </div>
  );
}
