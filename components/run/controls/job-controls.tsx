"use client";

import type { Command, CommandType } from "@signalbox/protocol/job/command";
import type { Job } from "@signalbox/protocol/job/job";
import { Play, Save } from "lucide-react";
import { memo, useEffect, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { AlertDialog } from "@/components/ui/overlays/alert-dialog";
import { describeError } from "@/lib/api/errors";
import { commandTitle, openCommand } from "@/lib/format/command-text";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import type { JobCommands } from "@/lib/hooks/runs/use-job-command";
import { allowedCommands, type CommandPermission } from "@/lib/jobs/allowed-commands";
import { PauseButton } from "./pause-button";
import { StopButton } from "./stop-button";

const reasonOf = (permission: CommandPermission) =>
  permission.allowed ? undefined : permission.reason;

/** The step of the newest checkpoint saved on request, as far as this page knows. */
function lastCheckpointStep(commands: readonly Command[]): number | null {
  const saved = commands.find(
    (command) =>
      command.status === "applied" &&
      (command.type === "checkpoint" ||
        (command.type === "pause" && command.args.mode === "release")),
  );
  return saved?.applied_step ?? null;
}

/** The fields of a job that the controls depend on. */
const shownFields = [
  "name",
  "status",
  "managed",
  "attempt",
  "attempt_active",
  "live_params",
] as const satisfies readonly (keyof Job)[];

interface JobControlsProps {
  job: Pick<Job, (typeof shownFields)[number]>;
  control: JobCommands;
  /** A getter, because the step changes many times a second. */
  currentStep: () => number | null;
}

function sameControls(before: JobControlsProps, after: JobControlsProps): boolean {
  return (
    before.control === after.control &&
    before.currentStep === after.currentStep &&
    shownFields.every((field) => before.job[field] === after.job[field])
  );
}

/** The run's controls, enabled by the table that the server checks; a disabled one says why. */
export const JobControls = memo(function JobControls({
  job,
  control,
  currentStep,
}: JobControlsProps) {
  const { commands, request, sending, failure, clearFailure } = control;
  const [confirmingResume, setConfirmingResume] = useState(false);
  const can = allowedCommands(job);
  const busy = (type: CommandType) => sending === type || openCommand(commands, type) !== undefined;
  const pausing = job.status === "pausing" || busy("pause");
  const stopping = job.status === "stopping" || busy("stop");
  const resuming = busy("resume");
  const showResume = can.resume.allowed || resuming;

  const pause = (mode: "hold" | "release") => request({ type: "pause", mode });
  // A held run resumes instantly; a released or failed one starts a new process.
  const resume = () =>
    job.attempt_active ? request({ type: "resume" }) : setConfirmingResume(true);

  useHotkeys({
    p: () => {
      if (can.pause.allowed && !pausing) pause("hold");
    },
    r: () => {
      if (can.resume.allowed && !resuming) resume();
    },
  });

  // Toasts: each failure is shown once. The learning rate control shows its own.
  useEffect(() => {
    if (!failure || failure.type === "update_params") return;
    const { message, requestId } = describeError(failure.error);
    toast.error(`${commandTitle({ type: failure.type, args: {}, old: null, new: null })} failed`, {
      description: requestId ? `${message} (request ${requestId})` : message,
    });
    clearFailure();
  }, [failure, clearFailure]);

  return (
    <fieldset aria-label="Job controls" className="flex min-w-0 flex-wrap items-center gap-1.5">
      {showResume ? (
        <Button
          variant="primary"
          pending={resuming}
          disabledReason={resuming ? undefined : reasonOf(can.resume)}
          aria-keyshortcuts="r"
          onClick={resume}
        >
          {resuming ? null : <Play aria-hidden />}
          {resuming ? "Resuming…" : job.status === "failed" ? "Retry" : "Resume"}
        </Button>
      ) : (
        <PauseButton pending={pausing} disabledReason={reasonOf(can.pause)} onPause={pause} />
      )}
      <StopButton
        job={job}
        currentStep={currentStep}
        checkpointStep={lastCheckpointStep(commands)}
        pending={stopping}
        disabledReason={reasonOf(can.stop)}
        onStop={() => request({ type: "stop" })}
      />
      <Button
        pending={busy("checkpoint")}
        disabledReason={busy("checkpoint") ? undefined : reasonOf(can.checkpoint)}
        aria-label="Save checkpoint"
        onClick={() => request({ type: "checkpoint" })}
      >
        {busy("checkpoint") ? null : <Save aria-hidden />}
        {busy("checkpoint") ? "Saving…" : "Checkpoint"}
      </Button>
      <AlertDialog
        open={confirmingResume}
        onOpenChange={setConfirmingResume}
        title={job.status === "failed" ? `Retry ${job.name}?` : `Resume ${job.name}?`}
        action={job.status === "failed" ? "Retry" : "Resume"}
        onAction={() => {
          setConfirmingResume(false);
          request({ type: "resume" });
        }}
      >
        <p>
          A new process (attempt {job.attempt + 1}) starts and continues from the last verified
          checkpoint. Steps after that checkpoint are trained again.
        </p>
      </AlertDialog>
    </fieldset>
  );
}, sameControls);
