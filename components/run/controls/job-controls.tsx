"use client";

import type { Command, CommandType } from "@signalbox/protocol/command";
import type { Job } from "@signalbox/protocol/job";
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

const why = (permission: CommandPermission) => (permission.allowed ? undefined : permission.reason);

/** The step of the newest checkpoint that was asked for and saved, as far as this page knows. */
function lastCheckpointStep(commands: readonly Command[]): number | null {
  const saved = commands.find(
    (command) =>
      command.status === "applied" &&
      (command.type === "checkpoint" ||
        (command.type === "pause" && command.args.mode === "release")),
  );
  return saved?.applied_step ?? null;
}

/** The part of a job that the levers depend on. */
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
  /** Asked when it is needed: the step changes many times a second. */
  currentStep: () => number | null;
}

function sameLevers(before: JobControlsProps, after: JobControlsProps): boolean {
  return (
    before.control === after.control &&
    before.currentStep === after.currentStep &&
    shownFields.every((field) => before.job[field] === after.job[field])
  );
}

/** The levers: each is enabled by the table that the server checks, and says why it is not. */
export const JobControls = memo(function JobControls({
  job,
  control,
  currentStep,
}: JobControlsProps) {
  const { commands, request, sending, failure, clearFailure } = control;
  const [resumeAsked, setResumeAsked] = useState(false);
  const can = allowedCommands(job);
  const busy = (type: CommandType) => sending === type || openCommand(commands, type) !== undefined;
  const pausing = job.status === "pausing" || busy("pause");
  const stopping = job.status === "stopping" || busy("stop");
  const resuming = busy("resume");
  const showResume = can.resume.allowed || resuming;

  const pause = (mode: "hold" | "release") => request({ type: "pause", mode });
  // A held run goes on at once; a released or failed one starts a process, which costs.
  const resume = () => (job.attempt_active ? request({ type: "resume" }) : setResumeAsked(true));

  useHotkeys({
    p: () => {
      if (can.pause.allowed && !pausing) pause("hold");
    },
    r: () => {
      if (can.resume.allowed && !resuming) resume();
    },
  });

  // Notices: a refusal of a lever is said once; the learning rate says its own where it is set.
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
          disabledReason={resuming ? undefined : why(can.resume)}
          aria-keyshortcuts="r"
          onClick={resume}
        >
          {resuming ? null : <Play aria-hidden />}
          {resuming ? "Resuming…" : job.status === "failed" ? "Retry" : "Resume"}
        </Button>
      ) : (
        <PauseButton pending={pausing} disabledReason={why(can.pause)} onPause={pause} />
      )}
      <StopButton
        job={job}
        currentStep={currentStep}
        checkpointStep={lastCheckpointStep(commands)}
        pending={stopping}
        disabledReason={why(can.stop)}
        onStop={() => request({ type: "stop" })}
      />
      <Button
        pending={busy("checkpoint")}
        disabledReason={busy("checkpoint") ? undefined : why(can.checkpoint)}
        aria-label="Save checkpoint"
        onClick={() => request({ type: "checkpoint" })}
      >
        {busy("checkpoint") ? null : <Save aria-hidden />}
        {busy("checkpoint") ? "Saving…" : "Checkpoint"}
      </Button>
      <AlertDialog
        open={resumeAsked}
        onOpenChange={setResumeAsked}
        title={job.status === "failed" ? `Retry ${job.name}?` : `Resume ${job.name}?`}
        action={job.status === "failed" ? "Retry" : "Resume"}
        onAction={() => {
          setResumeAsked(false);
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
}, sameLevers);
