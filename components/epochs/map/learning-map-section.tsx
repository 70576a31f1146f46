"use client";

import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import type { EpochParams } from "../use-epoch-params";

interface LearningMapSectionProps {
  jobId: string;
  choice: EpochChoice;
  epochs: EpochParams;
  alone: boolean;
  onOpen: (sample: number, epoch?: number) => void;
}

export function LearningMapSection(_: LearningMapSectionProps) {
  return null;
}
