"use client";

import { Archive, ArchiveRestore, Square, Trash2, X } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { describeError } from "@/lib/api/errors";
import type { Job } from "@/lib/contracts/job";
import { type ActionOutcome, type RunAction, useRunActions } from "@/lib/hooks/use-run-actions";
import { commandPermission } from "@/lib/jobs/allowed-commands";
import { isActive } from "@/lib/jobs/job-status";

interface SelectionBarProps {
  jobs: readonly Job[];
  /** Ticks that stay although their run is not among those loaded. */
  count: number;
  onClear: () => void;
}

const runs = (count: number) => (count === 1 ? "1 run" : `${count} runs`);

const past: Record<RunAction, string> = {
  stop: "Asked to stop",
  archive: "Archived",
  restore: "Restored",
  delete: "Deleted",
};

function report(action: RunAction, { done, failed }: ActionOutcome, undo?: () => void) {
  const first = failed[0];
  if (done.length > 0) {
    toast.success(`${past[action]} ${runs(done.length)}`, {
      ...(undo ? { action: { label: "Undo", onClick: undo } } : {}),
    });
  }
  if (first) {
    const { message, requestId } = describeError(first.error);
    toast.error(`${runs(failed.length)} refused: ${first.job.name}`, {
      description: requestId ? `${message} (request ${requestId})` : message,
      duration: 10_000,
    });
  }
}

/** What can be done with the runs that are ticked. */
export function SelectionBar({ jobs, count, onClear }: SelectionBarProps) {
  const { run, pending } = useRunActions();
  const [asking, setAsking] = useState<"stop" | "delete" | null>(null);
  const stoppable = jobs.filter((job) => commandPermission(job, "stop").allowed);
  const deletable = jobs.filter((job) => !isActive(job));
  const archived = jobs.length > 0 && jobs.every((job) => job.archived);

  const act = async (action: RunAction, on: readonly Job[]) => {
    const outcome = await run(action, on);
    const back = action === "archive" ? "restore" : action === "restore" ? "archive" : null;
    const undo = back
      ? () => void run(back, outcome.done).then((undone) => report(back, undone))
      : undefined;
    report(action, outcome, undo);
    setAsking(null);
    if (outcome.failed.length === 0) onClear();
  };

  return (
    <div
      role="toolbar"
      aria-label="Selected runs"
      className="fixed inset-x-0 bottom-4 z-30 mx-auto flex w-fit max-w-[calc(100vw-1.5rem)] items-center gap-1 rounded-lg border border-line-strong bg-surface p-1 pl-3 shadow-dialog"
    >
      <span className="nums mr-1 text-sm font-medium whitespace-nowrap" aria-live="polite">
        {count} selected
      </span>
      <Button
        variant="ghost"
        size="sm"
        onClick={() => setAsking("stop")}
        disabledReason={stoppable.length === 0 ? "None of these can be stopped now." : undefined}
      >
        <Square aria-hidden />
        Stop
      </Button>
      <Button
        variant="ghost"
        size="sm"
        pending={pending === "archive" || pending === "restore"}
        onClick={() => act(archived ? "restore" : "archive", jobs)}
      >
        {archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
        {archived ? "Restore" : "Archive"}
      </Button>
      <Button
        variant="ghost"
        size="sm"
        className="text-failed"
        onClick={() => setAsking("delete")}
        disabledReason={
          deletable.length === 0 ? "A run has to be stopped before it can be deleted." : undefined
        }
      >
        <Trash2 aria-hidden />
        Delete
      </Button>
      <IconButton label="Clear the selection" shortcut="Esc" size="sm" onClick={onClear}>
        <X />
      </IconButton>

      <AlertDialog
        open={asking === "stop"}
        onOpenChange={(open) => setAsking(open ? "stop" : null)}
        title={`Stop ${runs(stoppable.length)}?`}
        action="Stop"
        danger
        pending={pending === "stop"}
        onAction={() => act("stop", stoppable)}
      >
        <p>
          Training saves a last checkpoint and ends. Checkpoints, logs, metrics and predictions are
          kept.
        </p>
        <Left out={jobs.length - stoppable.length} why="cannot be stopped now" />
      </AlertDialog>
      <AlertDialog
        open={asking === "delete"}
        onOpenChange={(open) => setAsking(open ? "delete" : null)}
        title={`Delete ${runs(deletable.length)}?`}
        action="Delete for good"
        danger
        pending={pending === "delete"}
        onAction={() => act("delete", deletable)}
      >
        <p>
          Metrics, logs, predictions and the timeline are deleted too. This cannot be undone;
          archiving keeps everything and only shortens this list.
        </p>
        <Left out={jobs.length - deletable.length} why="still active" />
      </AlertDialog>
    </div>
  );
}

function Left({ out, why }: { out: number; why: string }) {
  return out > 0 ? (
    <p>
      Left as they are: {runs(out)} ({why}).
    </p>
  ) : null;
}
