import type { Command } from "@signalbox/protocol/job/command";
import type { Job } from "@signalbox/protocol/job/job";
import type { TrainingStream } from "@/lib/hooks/use-training-stream";

/** The props of every tab. */
export interface RunTabProps {
  job: Job;
  commands: readonly Command[];
  stream: TrainingStream;
  /** The seq from which the live stream is complete; null until it is known. */
  liveFromSeq: number | null;
}
