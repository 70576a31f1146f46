"use client";

import type { CommandType } from "@signalbox/protocol/job/command";
import {
  ArrowRight,
  Bug,
  CircleAlert,
  CircleDot,
  Info,
  type LucideIcon,
  Pause,
  Pencil,
  Play,
  Save,
  SlidersHorizontal,
  Square,
  TrendingUp,
  TriangleAlert,
} from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { stateRoles } from "@/components/ui/status/state-roles";
import { ansiText } from "@/lib/format/ansi";
import { commandOutcome, commandSeconds, commandTitle } from "@/lib/format/command-text";
import { formatDuration } from "@/lib/format/duration";
import { formatInteger } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { CommandStatusIcon } from "../controls/command-strip";
import { DataDetails } from "./data-details";
import type { TimelineEntry } from "./timeline-entries";

const commandIcons: Record<CommandType, LucideIcon> = {
  pause: Pause,
  resume: Play,
  stop: Square,
  checkpoint: Save,
  update_params: SlidersHorizontal,
};

const levels: Record<string, { icon: LucideIcon; text: string }> = {
  debug: { icon: Bug, text: "text-faint" },
  info: { icon: Info, text: "text-muted" },
  warning: { icon: TriangleAlert, text: "text-paused" },
  error: { icon: CircleAlert, text: "text-failed" },
};

interface RowContent {
  icon: ReactNode;
  title: ReactNode;
  detail?: ReactNode;
  actor?: string | null;
}

const plainText = (text: string) => text.split("\n").map(ansiText).join("\n");

/** A phase's data without totals, which the page header shows. */
function withoutTotals({ total_steps, total_epochs, exited, ...data }: Record<string, unknown>) {
  return exited === true ? { ...data, exited } : data;
}

/** What a row says about an entry. */
export function contentOf(item: TimelineEntry): RowContent {
  switch (item.kind) {
    case "status": {
      const { icon: Icon, text, label } = stateRoles[item.to];
      return {
        icon: <Icon className={text} />,
        title: (
          <>
            {item.from ? (
              <>
                <span className="text-muted">{stateRoles[item.from].label}</span>
                <ArrowRight aria-label="to" className="size-3 text-faint" />
              </>
            ) : null}
            <span className={cn("font-medium", text)}>{label}</span>
            {item.attempt !== null && item.attempt > 1 ? (
              <span className="text-xs text-faint">attempt {item.attempt}</span>
            ) : null}
          </>
        ),
        detail: item.reason ? plainText(item.reason) : null,
        actor: item.actor,
      };
    }
    case "phase":
      return {
        icon:
          item.phase === "edited" ? (
            <Pencil className="text-muted" />
          ) : (
            <CircleDot className="text-muted" />
          ),
        title: <span className="font-medium">{visibleText(item.phase)}</span>,
        detail: <DataDetails data={withoutTotals(item.data)} />,
        actor: item.actor,
      };
    case "event": {
      const { icon: Icon, text } = levels[item.level] ?? { icon: Info, text: "text-muted" };
      return {
        icon: <Icon className={text} />,
        title: (
          <>
            <span className="font-medium">{visibleText(item.type)}</span>
            {item.level === "info" ? null : (
              <span className={cn("text-xs", text)}>{visibleText(item.level)}</span>
            )}
          </>
        ),
        detail: (
          <>
            {item.message ? <p>{plainText(item.message)}</p> : null}
            <DataDetails data={item.data} />
          </>
        ),
      };
    }
    case "progress": {
      const { message, data } = item.latest;
      return {
        icon: <TrendingUp className="text-muted" />,
        title: item.counts.map(([type, count]) => (
          <span key={type} className="font-medium">
            {visibleText(type)}
            {count > 1 ? (
              <span className="nums text-xs text-faint"> ×{formatInteger(count)}</span>
            ) : null}
          </span>
        )),
        detail: message ? <p>{plainText(message)}</p> : <DataDetails data={data} />,
      };
    }
    case "command": {
      const Icon = commandIcons[item.command.type];
      const seconds = commandSeconds(item.command);
      return {
        icon: <Icon className="text-accent-ink" />,
        title: <span className="font-medium">{commandTitle(item.command)}</span>,
        detail: (
          <span className="nums inline-flex flex-wrap items-center gap-x-1.5">
            <CommandStatusIcon status={item.command.status} />
            {commandOutcome(item.command)}
            {seconds === null ? null : (
              <span className="text-faint">after {formatDuration(seconds)}</span>
            )}
          </span>
        ),
        actor: item.command.requested_by,
      };
    }
  }
}
