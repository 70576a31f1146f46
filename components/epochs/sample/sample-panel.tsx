"use client";

import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { IconButton } from "@/components/ui/icon-button";
import { formatInteger } from "@/lib/format/number";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import { useSampleHistory } from "@/lib/hooks/predictions/use-sample-history";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import type { EpochParams } from "../use-epoch-params";
import { SampleBody } from "./sample-body";

interface SamplePanelProps {
  jobId: string;
  sample: number;
  choice: EpochChoice;
  epochs: EpochParams;
  onNext: () => void;
  onPrevious: () => void;
  /** The sample's position in the table; null where the table does not contain it. */
  position: { place: number; total: number } | null;
}

/** A panel with one sample and its answers, epoch by epoch. */
export function SamplePanel(props: SamplePanelProps) {
  const { jobId, sample, choice, epochs, onNext, onPrevious, position } = props;
  const history = useSampleHistory(jobId, sample);
  const panel = useRef<HTMLElement>(null);
  const opener = useRef<Element | null>(null);
  const close = () => {
    void epochs.set({ sample: null });
    const element = opener.current;
    if (element instanceof HTMLElement && element.isConnected) element.focus();
  };
  useHotkeys({ j: onNext, k: onPrevious, Escape: close });

  // The focus: moves into the panel when it opens, which may be below the fold.
  useEffect(() => {
    opener.current = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    panel.current?.scrollIntoView({ block: "nearest" });
  }, []);

  const predictions = history.data?.predictions ?? [];
  const shown = predictions.at(-1);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label="Sample"
      data-sample-panel={shown && !history.isPlaceholderData ? shown.sample_id : undefined}
      className="flex flex-col bg-surface outline-hidden max-xl:fixed max-xl:inset-y-0 max-xl:right-0 max-xl:z-30 max-xl:w-full max-xl:max-w-160 max-xl:border-l max-xl:border-line max-xl:shadow-dialog max-sm:bottom-25 sm:max-lg:bottom-13 scroll-mb-3 max-sm:max-w-none max-sm:border-l-0 lg:max-xl:top-12 xl:w-124 xl:min-w-0 xl:shrink-0 xl:rounded-lg xl:border xl:border-line"
    >
      <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
        <h2 className="nums min-w-0 flex-1 truncate text-base font-semibold tracking-tight">
          Sample {shown ? shown.sample_index : ""}
          <span className="pl-2 text-xs font-normal text-faint">
            {position
              ? `${formatInteger(position.place + 1)} of ${formatInteger(position.total)}`
              : null}
            {shown?.prompt_id ? <bdi className="pl-2 font-mono">{shown.prompt_id}</bdi> : null}
          </span>
        </h2>
        <IconButton label="Previous sample" size="sm" shortcut="k" onClick={onPrevious}>
          <ChevronUp />
        </IconButton>
        <IconButton label="Next sample" size="sm" shortcut="j" onClick={onNext}>
          <ChevronDown />
        </IconButton>
        <IconButton label="Close sample" size="sm" shortcut="Esc" onClick={close}>
          <X />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {history.error && !history.data ? (
          <ErrorState
            title="Could not load the sample"
            error={history.error}
            onRetry={() => void history.refetch()}
          />
        ) : shown ? (
          <SampleBody
            jobId={jobId}
            predictions={predictions}
            choice={choice}
            epochs={epochs}
            stale={history.isPlaceholderData}
          />
        ) : (
          <div className="flex flex-col gap-4 p-4" aria-busy>
            {["w-1/3", "w-2/3", "w-1/2", "w-3/4"].map((width) => (
              <Skeleton key={width} className={width} />
            ))}
          </div>
        )}
      </div>
    </aside>
  );
}
