"use client";

import { Unplug } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Connection } from "@/lib/stream/connection/connection";

interface ConnectionNoticeProps {
  connection: Connection;
  onRetry: () => void;
}

/** Warns that the page is not live: after repeated connection failures, or a rejected stream. */
export function ConnectionNotice({ connection, onRetry }: ConnectionNoticeProps) {
  const refused = connection.state === "refused";
  const failing = connection.state === "reconnecting" && connection.attempt >= 3;
  if (!refused && !failing) return null;
  return (
    <div
      role="status"
      className="mx-3 mt-3 flex flex-wrap items-center gap-2.5 rounded-md border border-paused/50 px-3 py-2 text-sm sm:mx-4"
    >
      <Unplug aria-hidden className="size-4 shrink-0 text-paused" />
      <p className="min-w-0 flex-1 text-pretty">
        <span className="font-medium">
          {refused ? "The live stream was rejected." : "Cannot reach Signalbox."}
        </span>{" "}
        <span className="text-muted">
          {connection.reason ? `${connection.reason} ` : ""}Showing the last data received.
          {refused ? "" : " Missed updates will be loaded on reconnect."}
        </span>
      </p>
      <Button size="sm" onClick={onRetry}>
        Retry now
      </Button>
    </div>
  );
}
