"use client";

import { ArrowDownToLine, Clock, Copy, Download, WrapText } from "lucide-react";
import type { ReactElement } from "react";
import type { FollowEnd } from "@/components/table/use-follow-end";
import { cn } from "@/components/ui/cn";
import { Spinner } from "@/components/ui/feedback/spinner";
import { IconButton } from "@/components/ui/icon-button";
import { SearchInput } from "@/components/ui/inputs/search-input";
import { formatInteger } from "@/lib/format/number";
import type { LogView } from "./use-log-view";

interface LogToolbarProps {
  view: LogView;
  searching: boolean;
  /** Matches of the search, or all lines. */
  count: number;
  follow: FollowEnd;
  files: { copy: () => void; download: () => void; busy: boolean };
}

/** Search, follow, display options, and the log as a file. */
export function LogToolbar({ view, searching, count, follow, files }: LogToolbarProps) {
  const unit = count === 1 ? "line" : "lines";
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-2 py-2">
      <SearchInput
        label="Search log"
        placeholder="Search log"
        value={view.query}
        onChange={view.setQuery}
        className="flex-1 basis-48 sm:max-w-80"
      />
      <p className="nums flex items-center gap-1.5 text-xs text-muted" aria-live="polite">
        {searching ? <Spinner className="size-3" /> : null}
        {formatInteger(count)} {view.query ? `matching ${unit}` : unit}
      </p>
      <div className="flex flex-1 items-center justify-end gap-0.5">
        <Toggle label="Follow end" on={follow.following} onToggle={follow.onChange}>
          <ArrowDownToLine />
        </Toggle>
        <Toggle label="Timestamps" on={view.timestamps} onToggle={view.setTimestamps}>
          <Clock />
        </Toggle>
        <Toggle label="Wrap long lines" on={view.wrap} onToggle={view.setWrap}>
          <WrapText />
        </Toggle>
        <IconButton label="Copy log" size="sm" disabled={files.busy} onClick={files.copy}>
          <Copy />
        </IconButton>
        <IconButton label="Download log" size="sm" pending={files.busy} onClick={files.download}>
          {files.busy ? <span /> : <Download />}
        </IconButton>
      </div>
    </div>
  );
}

interface ToggleProps {
  label: string;
  on: boolean;
  onToggle: (on: boolean) => void;
  children: ReactElement;
}

function Toggle({ label, on, onToggle, children }: ToggleProps) {
  return (
    <IconButton
      label={label}
      size="sm"
      aria-pressed={on}
      className={cn(on && "bg-accent-soft text-accent-ink not-data-disabled:hover:bg-accent-soft")}
      onClick={() => onToggle(!on)}
    >
      {children}
    </IconButton>
  );
}
