"use client";

import type { Job } from "@signalbox/protocol/job/job";
import {
  Archive,
  ArchiveRestore,
  Crosshair,
  GitCompareArrows,
  Square,
  Trash2,
  X,
} from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { AlertDialog } from "@/components/ui/overlays/alert-dialog";
import { describeError } from "@/lib/api/errors";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import { useRunActions } from "@/lib/hooks/runs/use-run-actions";
import { commandPermission } from "@/lib/jobs/allowed-commands";
import { isActive } from "@/lib/jobs/job-status";
import { TagMenu } from "../toolbar/tag-menu";
import { useBulkActions } from "./use-bulk-actions";

interface SelectionBarProps {
  /** The selected runs that are loaded. */
  jobs: readonly Job[];
  /** All selected ids, loaded or not. */
  ids: readonly string[];
  onClear: () => void;
  onBaseline: (id: string) => void;
}

const runs = (count: number) => (count === 1 ? "1 run" : `${count} runs`);

/** The actions for the selected runs. */
export function SelectionBar({ jobs, ids, onClear, onBaseline }: SelectionBarProps) {
  const router = useRouter();
  const { run, pending } = useRunActions();
  const bulk = useBulkActions();
  const [confirmingStop, setConfirmingStop] = useState(false);
  const count = ids.length;
  const stoppable = jobs.filter((job) => commandPermission(job, "stop").allowed);
  const deletable = jobs.filter((job) => !isActive(job));
  const archived = jobs.length > 0 && jobs.every((job) => job.archived);
  const only = count === 1 ? ids[0] : undefined;

  const comparison = `/compare?runs=${ids.slice(0, 100).map(encodeURIComponent).join(",")}`;
  useHotkeys({ c: () => router.push(comparison) });

  const stop = async () => {
    const { done, failed } = await run("stop", stoppable);
    if (done.length > 0) toast.success(`Stopping ${runs(done.length)}`);
    const first = failed[0];
    if (first) {
      toast.error(`Could not stop ${runs(failed.length)}`, {
        description: `${first.job.name}: ${describeError(first.error).message}`,
      });
    }
    setConfirmingStop(false);
    if (!first) onClear();
  };
  const act = async (action: "archive" | "restore" | "delete") => {
    const on = action === "delete" ? deletable.map((job) => job.id) : ids;
    if (await bulk.act({ action, ids: [...on] })) onClear();
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
        nativeButton={false}
        render={
          <Link href={`/compare?runs=${ids.slice(0, 100).map(encodeURIComponent).join(",")}`} />
        }
      >
        <GitCompareArrows aria-hidden />
        Compare
      </Button>
      {only === undefined ? null : (
        <Button variant="ghost" size="sm" onClick={() => onBaseline(only)}>
          <Crosshair aria-hidden />
          Baseline
        </Button>
      )}
      <TagMenu
        jobs={jobs}
        onTag={(tag) => void bulk.act({ action: "tag", ids: [...ids], tag })}
        onUntag={(tag) => void bulk.act({ action: "untag", ids: [...ids], tag })}
      />
      <Button
        variant="ghost"
        size="sm"
        onClick={() => setConfirmingStop(true)}
        disabledReason={
          stoppable.length === 0 ? "None of the selected runs can be stopped now." : undefined
        }
      >
        <Square aria-hidden />
        Stop
      </Button>
      <Button
        variant="ghost"
        size="sm"
        pending={bulk.pending === "archive" || bulk.pending === "restore"}
        onClick={() => act(archived ? "restore" : "archive")}
      >
        {archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
        {archived ? "Restore" : "Archive"}
      </Button>
      <Button
        variant="ghost"
        size="sm"
        className="text-failed"
        pending={bulk.pending === "delete"}
        onClick={() => act("delete")}
        disabledReason={deletable.length === 0 ? "Stop a run before deleting it." : undefined}
      >
        <Trash2 aria-hidden />
        Delete
      </Button>
      <IconButton label="Clear selection" shortcut="Esc" size="sm" onClick={onClear}>
        <X />
      </IconButton>

      <AlertDialog
        open={confirmingStop}
        onOpenChange={setConfirmingStop}
        title={`Stop ${runs(stoppable.length)}?`}
        action="Stop"
        danger
        pending={pending === "stop"}
        onAction={stop}
      >
        <p>
          Training saves a final checkpoint and ends. Checkpoints, logs, metrics and predictions are
          kept.
        </p>
        <NotAffected count={jobs.length - stoppable.length} why="cannot be stopped now" />
      </AlertDialog>
    </div>
  );
}

function NotAffected({ count, why }: { count: number; why: string }) {
  return count > 0 ? (
    <p>
      Not affected: {runs(count)} ({why}).
    </p>
  ) : null;
}
