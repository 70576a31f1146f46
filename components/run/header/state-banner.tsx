"use client";

import type { Job } from "@signalbox/protocol/job/job";
import { CircleHelp, CircleX } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { RelativeTime } from "@/components/ui/relative-time";
import { ansiText } from "@/lib/format/ansi";

const shortUpTo = 320;

interface StateBannerProps {
  job: Job;
  onShowLogs: () => void;
}

/** Why a run failed, or when its last heartbeat was. */
export function StateBanner({ job, onShowLogs }: StateBannerProps) {
  if (job.status === "lost") {
    return (
      <Banner icon={<CircleHelp aria-hidden />} title="Connection to the trainer lost" dashed>
        <p className="text-sm text-muted">
          Last heard <RelativeTime value={job.heartbeat_at} everyMs={1000} />. If the trainer
          reconnects, the run continues; otherwise it will be marked as failed.
        </p>
      </Banner>
    );
  }
  if (job.status !== "failed") return null;
  return (
    <Banner
      icon={<CircleX aria-hidden />}
      title="Run failed"
      action={
        <Button size="sm" onClick={onShowLogs}>
          Logs
        </Button>
      }
    >
      <Reason text={job.error} />
    </Banner>
  );
}

interface BannerProps {
  icon: React.ReactNode;
  title: string;
  dashed?: boolean;
  action?: React.ReactNode;
  children: React.ReactNode;
}

function Banner({ icon, title, dashed = false, action, children }: BannerProps) {
  return (
    <div
      role="alert"
      className={cn(
        "mx-3 mt-3 flex gap-2.5 rounded-md border border-failed/40 px-3 py-2.5 sm:mx-4 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-failed",
        dashed ? "border-dashed" : "bg-failed/5",
      )}
    >
      {icon}
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium text-ink">{title}</p>
        {children}
      </div>
      {action}
    </div>
  );
}

function Reason({ text }: { text: string | null }) {
  const [open, setOpen] = useState(false);
  if (!text) return <p className="text-sm text-muted">The trainer did not report a reason.</p>;
  const lines = text.split("\n").map(ansiText);
  const whole = lines.join("\n");
  const long = whole.length > shortUpTo || lines.length > 4;
  const shown = open || !long ? whole : `${lines.slice(-4).join("\n").slice(-shortUpTo)}`;
  return (
    <div className="mt-1 flex items-start gap-1">
      <div className="min-w-0 flex-1">
        <pre className="max-h-80 overflow-auto text-xs leading-5 break-words whitespace-pre-wrap text-ink">
          {shown}
        </pre>
        {long ? (
          <Button variant="ghost" size="sm" className="-ml-2.5" onClick={() => setOpen(!open)}>
            {open ? "Show less" : "Show all"}
          </Button>
        ) : null}
      </div>
      <CopyButton value={whole} label="Copy reason" />
    </div>
  );
}
