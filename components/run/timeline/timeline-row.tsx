"use client";

import { RelativeTime } from "@/components/ui/relative-time";
import { formatClock } from "@/lib/format/time";
import { visibleText } from "@/lib/format/visible-text";
import { contentOf } from "./row-content";
import type { TimelineEntry } from "./timeline-entries";

/** One entry: what happened, who requested it, and when. */
export function TimelineRow({ item }: { item: TimelineEntry }) {
  const { icon, title, detail, actor } = contentOf(item);
  return (
    <li
      data-kind={item.kind}
      className="group relative grid grid-cols-[1.25rem_1fr_auto] gap-x-3 py-1.5"
    >
      <span
        aria-hidden
        className="z-10 flex size-5 items-center justify-center rounded-full bg-canvas [&_svg]:size-3.5"
      >
        {icon}
      </span>
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-center gap-x-1.5">
          {title}
          {actor ? (
            <span className="truncate text-xs text-faint">by {visibleText(actor)}</span>
          ) : null}
        </p>
        {detail ? (
          <div className="text-sm text-pretty break-words whitespace-pre-wrap text-muted">
            {detail}
          </div>
        ) : null}
      </div>
      <p className="nums flex flex-col items-end text-xs text-muted sm:flex-row sm:items-baseline sm:gap-3">
        <RelativeTime value={item.at} className="text-faint" />
        <time dateTime={item.at} className="font-mono text-2xs">
          {formatClock(item.at)}
        </time>
      </p>
    </li>
  );
}
