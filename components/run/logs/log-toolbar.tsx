"use client";

import { ArrowDownToLine, Clock, Copy, Download, WrapText } from "lucide-react";
import type { ReactElement } from "react";
import { cn } from "@/components/ui/cn";
import { Spinner } from "@/components/ui/feedback/spinner";
import { IconButton } from "@/components/ui/icon-button";
import { SearchInput } from "@/components/ui/inputs/search-input";
import { formatInteger } from "@/lib/format/number";

interface LogToolbarProps {
  query: string;
  onQuery: (query: string) => void;
  searching: boolean;
  /** Matches of the search, or lines in all. */
  count: number;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  timestamps: boolean;
  onTimestamps: (timestamps: boolean) => void;
  onCopy: () => void;
  onDownload: () => void;
  busy: boolean;
}

/** Search, follow, and how the lines look. */
export function LogToolbar(props: LogToolbarProps) {
  const { query, onQuery, searching, count, busy } = props;
  const lines = query ? "matching" : count === 1 ? "line" : "lines";
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-2 py-2">
      <SearchInput
        label="Search the log"
        placeholder="Search the log"
        value={query}
        onChange={onQuery}
        className="flex-1 basis-48 sm:max-w-80"
      />
      <p className="nums flex items-center gap-1.5 text-xs text-muted" aria-live="polite">
        {searching ? <Spinner className="size-3" /> : null}
        {formatInteger(count)} {lines}
      </p>
      <div className="flex flex-1 items-center justify-end gap-0.5">
        <Toggle label="Follow the end" on={props.follow} onToggle={props.onFollow}>
          <ArrowDownToLine />
        </Toggle>
        <Toggle label="Timestamps" on={props.timestamps} onToggle={props.onTimestamps}>
          <Clock />
        </Toggle>
        <Toggle label="Wrap long lines" on={props.wrap} onToggle={props.onWrap}>
          <WrapText />
        </Toggle>
        <IconButton label="Copy the log" size="sm" disabled={busy} onClick={props.onCopy}>
          <Copy />
        </IconButton>
        <IconButton label="Download the log" size="sm" pending={busy} onClick={props.onDownload}>
          {busy ? <span /> : <Download />}
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
