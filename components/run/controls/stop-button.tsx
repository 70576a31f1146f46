"use client";

import type { Job } from "@signalbox/protocol/job/job";
import { Square } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { AlertDialog } from "@/components/ui/overlays/alert-dialog";
import { formatInteger } from "@/lib/format/number";

interface StopButtonProps {
  job: Pick<Job, "name" | "status">;
  currentStep: () => number | null;
  /** The step of the newest checkpoint this page knows of. */
  checkpointStep: number | null;
  pending: boolean;
  disabledReason: string | undefined;
  onStop: () => void;
}

/** Stop, after a confirmation that lists what is kept. */
export function StopButton({
  job,
  currentStep,
  checkpointStep,
  pending,
  disabledReason,
  onStop,
}: StopButtonProps) {
  const [open, setOpen] = useState(false);
  const waiting = job.status === "queued";
  return (
    <>
      <Button
        variant="danger-quiet"
        pending={pending}
        disabledReason={pending ? undefined : disabledReason}
        onClick={() => setOpen(true)}
      >
        {pending ? null : <Square aria-hidden />}
        {pending ? "Stopping…" : "Stop"}
      </Button>
      <AlertDialog
        open={open}
        onOpenChange={setOpen}
        danger
        title={`Stop ${job.name}?`}
        action="Stop run"
        cancel="Keep running"
        onAction={() => {
          setOpen(false);
          onStop();
        }}
      >
        <p>
          {waiting
            ? "The run has not started yet and will be cancelled."
            : "A stopped run cannot be resumed. To continue later, pause it instead."}
        </p>
        {waiting ? null : <KeptList step={currentStep()} checkpointStep={checkpointStep} />}
      </AlertDialog>
    </>
  );
}

interface KeptListProps {
  step: number | null;
  checkpointStep: number | null;
}

function KeptList({ step, checkpointStep }: KeptListProps) {
  const upTo = step === null ? "" : ` up to step ${formatInteger(step)}`;
  const checkpoint =
    checkpointStep === null
      ? "The last checkpoint, and a final one if the trainer saves it on stopping"
      : `The last checkpoint (step ${formatInteger(checkpointStep)}), and a final one if the trainer saves it on stopping`;
  return (
    <div>
      <p className="font-medium text-ink">What is kept</p>
      <ul className="mt-1 list-disc space-y-0.5 pl-4">
        <li>{checkpoint}</li>
        <li>All metrics{upTo}</li>
        <li>Logs, events and predictions</li>
      </ul>
    </div>
  );
}
