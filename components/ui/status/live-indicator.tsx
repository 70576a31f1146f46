"use client";

import { RotateCw } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { Tooltip } from "@/components/ui/overlays/tooltip";
import { formatTicking } from "@/lib/format/duration";
import { formatClockMillis } from "@/lib/format/time";
import { useNow } from "@/lib/hooks/page/use-now";

/** The displayed part of a stream's connection; `lib/stream` has the whole. */
export interface ShownConnection {
  state:
    | "idle"
    | "connecting"
    | "live"
    | "stale"
    | "polling"
    | "reconnecting"
    | "ended"
    | "refused";
  lastReceivedAt: number | null;
  lagMs?: number | null;
  cursor?: string | null;
  reason?: string | null | undefined;
}

type StateDisplay = { label: string; text: string; meaning: string };

const stateDisplay: Record<ShownConnection["state"], StateDisplay> = {
  idle: { label: "Off", text: "text-muted", meaning: "Not connected." },
  connecting: { label: "Connecting", text: "text-muted", meaning: "Opening the live stream." },
  live: { label: "Live", text: "text-succeeded", meaning: "Showing the latest data." },
  stale: {
    label: "Stale",
    text: "text-paused",
    meaning: "Connected, but no data received recently.",
  },
  polling: {
    label: "Polling",
    text: "text-paused",
    meaning: "Live updates don't get through. Checking for new data every few seconds.",
  },
  reconnecting: {
    label: "Reconnecting",
    text: "text-paused",
    meaning: "Connection lost. Missed updates will be loaded on reconnect.",
  },
  ended: {
    label: "Ended",
    text: "text-muted",
    meaning: "The run has ended; no more data will arrive.",
  },
  refused: { label: "Rejected", text: "text-failed", meaning: "The server rejected the stream." },
};

/** ● live, ◐ stale, ◎ polling, ↻ connecting, ■ ended, ✕ rejected, ○ off: distinct without colour. */
function ConnectionIcon({ state }: { state: ShownConnection["state"] }) {
  if (state === "connecting" || state === "reconnecting") {
    return <RotateCw aria-hidden className="size-3 animate-spin" strokeWidth={2.5} />;
  }
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 10 10"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      className={cn("size-2.5", state === "live" && "animate-live motion-reduce:animate-none")}
    >
      {state === "ended" ? <rect x="1.5" y="1.5" width="7" height="7" fill="currentColor" /> : null}
      {state === "refused" ? <path d="m2 2 6 6m0-6-6 6" /> : null}
      {state === "live" ? <circle cx="5" cy="5" r="3.25" fill="currentColor" /> : null}
      {state === "idle" || state === "stale" || state === "polling" ? (
        <circle cx="5" cy="5" r="4" />
      ) : null}
      {state === "polling" ? <circle cx="5" cy="5" r="1.5" fill="currentColor" /> : null}
      {state === "stale" ? <path d="M5 1a4 4 0 0 0 0 8z" fill="currentColor" /> : null}
    </svg>
  );
}

function Detail({ name, children }: { name: string; children: string }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="nums truncate text-right font-mono text-2xs leading-4">{children}</dd>
    </>
  );
}

/** Shows whether the page is live, and the age of the last data. */
export function LiveIndicator({
  connection,
  className,
}: {
  connection: ShownConnection;
  className?: string;
}) {
  const now = useNow(1000);
  const { state, lastReceivedAt, lagMs, cursor, reason } = connection;
  const display = stateDisplay[state];
  const silence =
    now !== null && lastReceivedAt !== null ? Math.max(0, now - lastReceivedAt) / 1000 : null;
  const shown = state === "stale" && silence !== null ? ` ${formatTicking(silence)}` : "";

  return (
    <Tooltip
      align="end"
      className="block w-60 p-2.5"
      content={
        <>
          <p className="mb-1.5 text-pretty">{reason ?? display.meaning}</p>
          <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
            <Detail name="Last data">
              {lastReceivedAt === null || silence === null
                ? "never"
                : `${formatClockMillis(new Date(lastReceivedAt).toISOString())} (${formatTicking(silence)} ago)`}
            </Detail>
            {lagMs === null || lagMs === undefined ? null : (
              <Detail name="Delay">{`${Math.round(lagMs)} ms`}</Detail>
            )}
            {cursor ? <Detail name="Cursor">{cursor}</Detail> : null}
          </dl>
        </>
      }
    >
      <button
        type="button"
        data-connection={state}
        className={cn(
          "nums inline-flex h-6 shrink-0 items-center gap-1.5 rounded-md px-1.5 text-xs font-medium whitespace-nowrap hover:bg-hover",
          display.text,
          className,
        )}
      >
        <ConnectionIcon state={state} />
        <span>
          {display.label}
          {shown}
        </span>
      </button>
    </Tooltip>
  );
}
