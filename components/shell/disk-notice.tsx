"use client";

import { HardDrive } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { formatBytes } from "@/lib/format/number";
import { useHealth } from "@/lib/hooks/page/use-health";

const words = {
  low: {
    title: "The disk is almost full.",
    text: "Make room where Signalbox keeps its data, before new rows have to be refused.",
  },
  full: {
    title: "The disk is full.",
    text: "New metrics, logs and predictions are refused; trainers keep theirs and send them later. Make room where Signalbox keeps its data: it goes on by itself.",
  },
} as const;

/** Warns, on every page, that the service's disk is running out of room. */
export function DiskNotice() {
  const { data } = useHealth();
  if (data?.disk !== "low" && data?.disk !== "full") return null;
  const { title, text } = words[data.disk];
  const left = data.disk_free_bytes === null ? "" : ` ${formatBytes(data.disk_free_bytes)} left.`;
  return (
    <div
      role="status"
      className="flex items-center gap-2.5 border-b border-line bg-surface px-3 py-2 text-sm sm:px-4"
    >
      <HardDrive
        aria-hidden
        className={cn("size-4 shrink-0", data.disk === "full" ? "text-failed" : "text-paused")}
      />
      <p className="min-w-0 text-pretty">
        <span className="font-medium">{title}</span>{" "}
        <span className="text-muted">
          {text}
          {left}
        </span>
      </p>
    </div>
  );
}
