"use client";

import { Search, X } from "lucide-react";
import { useRef } from "react";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import { Input } from "./input";

interface SearchInputProps {
  value: string;
  onChange: (value: string) => void;
  /** The name for screen readers. */
  label: string;
  placeholder: string;
  /** The small size, for toolbars. */
  small?: boolean;
  /** Classes that set the width. */
  className?: string;
}

/** The search field of a page, one per page: `/` focuses it, Escape clears and then leaves it. */
export function SearchInput({
  value,
  onChange,
  label,
  placeholder,
  small = false,
  className,
}: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null);
  useHotkeys({ "/": () => input.current?.focus() });
  return (
    <div className={cn("relative min-w-0", className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute inset-y-0 left-2.5 my-auto size-3.5 text-faint"
      />
      <Input
        ref={input}
        type="search"
        maxLength={256}
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        value={value}
        onValueChange={(next) => onChange(next)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (value === "") event.currentTarget.blur();
          else onChange("");
        }}
        className={cn(
          "pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden",
          small && "h-7 pointer-coarse:h-9",
        )}
      />
      {value ? (
        <button
          type="button"
          aria-label="Clear search"
          onClick={() => onChange("")}
          className="absolute inset-y-0 right-1 my-auto flex size-6 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-ink"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      ) : (
        <Kbd className="pointer-events-none absolute inset-y-0 right-1.5 my-auto pointer-coarse:hidden">
          /
        </Kbd>
      )}
    </div>
  );
}
