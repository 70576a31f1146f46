"use client";

import type { Command, CommandStatus } from "@signalbox/protocol/job/command";
import { CircleCheck, CircleSlash, CircleX, History } from "lucide-react";
import { memo } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Spinner } from "@/components/ui/feedback/spinner";
import { Popover } from "@/components/ui/overlays/popover";
import { RelativeTime } from "@/components/ui/relative-time";
import { commandTitle, commandTrail } from "@/lib/format/command-text";

const statusIcons: Record<CommandStatus, { icon: typeof CircleCheck | null; text: string }> = {
  pending: { icon: null, text: "text-muted" },
  delivered: { icon: null, text: "text-muted" },
  applied: { icon: CircleCheck, text: "text-succeeded" },
  rejected: { icon: CircleX, text: "text-failed" },
  expired: { icon: CircleSlash, text: "text-cancelled" },
};

/** A command's status as an icon; the text next to it says the same. */
export function CommandStatusIcon({ status }: { status: CommandStatus }) {
  const { icon: Icon, text } = statusIcons[status];
  return Icon ? (
    <Icon aria-hidden className={cn("size-3.5 shrink-0", text)} />
  ) : (
    <Spinner className={cn("shrink-0", text)} />
  );
}

/** The newest command and its outcome, with the history in a popover. */
export const CommandStrip = memo(function CommandStrip({
  commands,
}: {
  commands: readonly Command[];
}) {
  const newest = commands[0];
  if (!newest) return null;
  return (
    <div className="flex min-w-0 items-center gap-1" data-command-status={newest.status}>
      <p
        className="nums flex min-w-0 items-center gap-1.5 text-xs text-muted"
        aria-live="polite"
        title={newest.reason ?? undefined}
      >
        <CommandStatusIcon status={newest.status} />
        <span className="truncate max-sm:text-pretty max-sm:whitespace-normal">
          <span className="font-medium text-ink">{commandTitle(newest)}</span>{" "}
          {commandTrail(newest)}
        </span>
      </p>
      <Popover
        title="Commands"
        align="end"
        className="w-96 p-0 [&>h2]:px-3 [&>h2]:pt-3"
        trigger={
          <Button variant="ghost" size="sm" className="px-1.5" aria-label="All commands">
            <History aria-hidden />
            <span className="nums">{commands.length}</span>
          </Button>
        }
      >
        <ol className="max-h-80 overflow-y-auto border-t border-line">
          {commands.map((command) => (
            <li
              key={command.id}
              className="flex gap-2 border-b border-line px-3 py-2 last:border-b-0"
            >
              <span className="pt-0.5">
                <CommandStatusIcon status={command.status} />
              </span>
              <div className="min-w-0 flex-1">
                <p className="flex items-baseline justify-between gap-2 text-sm">
                  <span className="font-medium break-words">{commandTitle(command)}</span>
                  <RelativeTime
                    value={command.requested_at}
                    className="shrink-0 text-xs text-faint"
                  />
                </p>
                <p className="nums text-xs text-pretty break-words text-muted">
                  {commandTrail(command)}
                </p>
              </div>
            </li>
          ))}
        </ol>
      </Popover>
    </div>
  );
});
