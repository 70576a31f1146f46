"use client";

import type { JobStatus } from "@signalbox/protocol/job/job";
import { isTerminal } from "@signalbox/protocol/job/job-status";
import { TableProperties } from "lucide-react";
import { CodeBlock } from "@/components/ui/code-block";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { useOrigin } from "@/lib/hooks/page/use-origin";

function snippet(origin: string, jobId: string): string {
  return `curl ${origin}/api/training/local/predictions \\
  -H "Authorization: Bearer $JOB_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"job_id": "${jobId}", "predictions": [
       {"epoch": 1, "step": 100, "sample_index": 0,
        "prompt": "2 + 2 =", "prediction": "5",
        "ground_truth": "4"}]}'`;
}

interface EpochsEmptyProps {
  jobId: string;
  status: JobStatus;
  managed: boolean;
}

/** What the tab is for, and how to send predictions. */
export function EpochsEmpty({ jobId, status, managed }: EpochsEmptyProps) {
  const origin = useOrigin();
  const over = isTerminal(status);
  return (
    <div className="mx-auto flex w-full max-w-xl min-w-0 flex-col px-3 pb-8">
      <EmptyState
        icon={<TableProperties />}
        title={over ? "This run has no predictions" : "No predictions yet"}
        className="pb-6"
      >
        {managed && !over
          ? "See how the model's answers to the same samples change from epoch to epoch. The first predictions are made before training starts, then after every epoch."
          : "See how a model's answers to the same samples change from epoch to epoch, how they compare with the ground truth, and what was learned or forgotten. Send predictions from your training script:"}
      </EmptyState>
      {managed && !over ? null : (
        <CodeBlock title="Send predictions" code={snippet(origin, jobId)} />
      )}
    </div>
  );
}
