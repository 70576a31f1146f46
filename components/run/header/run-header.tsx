"use client";

import type { Job } from "@signalbox/protocol/job/job";
import { Progress } from "@/components/ui/feedback/progress";
import { LiveIndicator, type ShownConnection } from "@/components/ui/status/live-indicator";
import { StatePill } from "@/components/ui/status/state-pill";
import { stateRoles } from "@/components/ui/status/state-roles";
import { progressOf } from "@/lib/format/eta";
import { usePhone } from "@/lib/hooks/page/use-media-query";
import type { JobCommands } from "@/lib/hooks/runs/use-job-command";
import { CommandStrip } from "../controls/command-strip";
import { JobControls } from "../controls/job-controls";
import { LiveParams } from "../controls/live-params";
import { EditableName } from "./editable-name";
import { NotesButton } from "./notes-button";
import { RunFacts } from "./run-facts";
import { TagsEditor } from "./tags-editor";

interface RunHeaderProps {
  job: Job;
  connection: ShownConnection;
  control: JobCommands;
  currentStep: () => number | null;
}

/** Name, state and controls stay in view; progress, tags and commands are below them. */
export function RunHeader({ job, connection, control, currentStep }: RunHeaderProps) {
  const phone = usePhone();
  return (
    <>
      <div className="sticky top-12 z-20 border-b border-line bg-canvas">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-2 sm:px-4">
          <div className="flex min-w-0 flex-1 basis-72 items-center gap-2">
            <EditableName id={job.id} name={job.name} />
            <StatePill status={job.status} />
            <LiveIndicator connection={connection} />
          </div>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            {phone ? null : <LiveParams job={job} control={control} />}
            <JobControls job={job} control={control} currentStep={currentStep} />
          </div>
        </div>
        <Progress
          value={progressOf(job)}
          label="Run progress"
          className="absolute inset-x-0 -bottom-px h-0.5 rounded-none bg-transparent"
          barClassName={`rounded-none ${stateRoles[job.status].bar}`}
        />
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-3 pt-2 pb-0.5 sm:min-h-10 sm:px-4">
        <RunFacts job={job} />
        {phone ? <LiveParams job={job} control={control} /> : null}
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <TagsEditor id={job.id} tags={job.tags} />
          <NotesButton id={job.id} notes={job.notes} />
        </div>
        <div className="flex min-w-0 flex-1 basis-96 justify-end max-sm:justify-start">
          <CommandStrip commands={control.commands} />
        </div>
      </div>
    </>
  );
}
