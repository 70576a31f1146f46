"use client";

import type { PredictionTrend } from "@signalbox/protocol/data/prediction";
import { ChevronLeft, ChevronRight, Pause, Play } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Select } from "@/components/ui/inputs/select";
import { Switch } from "@/components/ui/inputs/switch";
import { formatInteger } from "@/lib/format/number";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import type { CompareWith, EpochChoice } from "@/lib/predictions/epoch-choice";
import { EpochSlider } from "./epoch-slider";
import { usePlay } from "./use-play";

interface EpochScrubberProps {
  trends: readonly PredictionTrend[];
  choice: EpochChoice;
  compareWith: CompareWith;
  onEpoch: (epoch: number | null) => void;
  onCompare: (compare: CompareWith) => void;
}

/** Selects the epoch and the epoch to compare with. */
export function EpochScrubber(props: EpochScrubberProps) {
  const { trends, choice, compareWith, onEpoch, onCompare } = props;
  const epochs = trends.map(({ epoch }) => epoch);
  const last = epochs.length - 1;
  const show = (index: number) => {
    const epoch = epochs[Math.max(0, Math.min(last, index))];
    if (epoch !== undefined) onEpoch(epoch);
  };
  const compareAt = (index: number) => {
    const epoch = epochs[Math.max(0, Math.min(last, index))];
    if (epoch !== undefined) onCompare(epoch);
  };
  const play = usePlay(choice.index, epochs.length, show);
  const touch = (index: number) => {
    play.stop();
    show(index);
  };
  useScrubKeys(choice, touch, compareAt);
  const trend = trends[choice.index];

  return (
    <section
      aria-label="Epoch"
      className="z-10 flex flex-wrap items-center gap-x-4 border-line bg-canvas px-3 max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:border-t max-lg:pb-[env(safe-area-inset-bottom)] max-lg:shadow-popup sm:px-4 lg:sticky lg:top-24.25 lg:border-b lg:py-1"
    >
      <div className="flex items-center gap-0.5 max-sm:order-2">
        <IconButton
          label="Previous epoch"
          size="sm"
          shortcut="←"
          disabled={choice.index === 0}
          onClick={() => touch(choice.index - 1)}
        >
          <ChevronLeft />
        </IconButton>
        <IconButton
          label={play.playing ? "Pause playback" : "Play epochs"}
          size="sm"
          disabled={last === 0}
          onClick={play.toggle}
        >
          {play.playing ? <Pause /> : <Play />}
        </IconButton>
        <IconButton
          label="Next epoch"
          size="sm"
          shortcut="→"
          disabled={choice.index === last}
          onClick={() => touch(choice.index + 1)}
        >
          <ChevronRight />
        </IconButton>
      </div>
      <p className="nums min-w-24 text-sm whitespace-nowrap max-sm:sr-only">
        <span className="font-semibold">Epoch {choice.epoch}</span>{" "}
        <span className="text-faint max-sm:hidden">
          {trend ? `step ${formatInteger(trend.step)}` : null}
        </span>
      </p>
      <div className="flex min-w-0 flex-1 basis-60 max-sm:order-1 max-sm:basis-full">
        <EpochSlider
          epochs={epochs}
          index={choice.index}
          compareIndex={epochs.length > 1 ? choice.handleIndex : null}
          onIndex={touch}
          onCompareIndex={compareAt}
        />
      </div>
      <div className="flex items-center gap-3 max-sm:order-3 max-sm:ml-auto max-sm:pb-1">
        <ComparePicker
          epochs={epochs}
          compareWith={compareWith}
          handleIndex={choice.handleIndex}
          onCompare={onCompare}
        />
        <FollowSwitch
          choice={choice}
          latest={epochs[last] ?? 0}
          onFollow={(follow) => {
            play.stop();
            onEpoch(follow ? null : choice.epoch);
          }}
        />
      </div>
    </section>
  );
}

/** Arrow keys move the epoch; with Shift, the compared epoch. */
function useScrubKeys(
  choice: EpochChoice,
  onIndex: (index: number) => void,
  onCompareIndex: (index: number) => void,
) {
  const lastKeyAt = useRef(0);
  const move = (by: number) => (event: KeyboardEvent) => {
    // Key repeat would outpace the rendering.
    if (event.repeat && event.timeStamp - lastKeyAt.current < 60) return;
    lastKeyAt.current = event.timeStamp;
    if (event.shiftKey) onCompareIndex((choice.handleIndex ?? choice.index) + by);
    else onIndex(choice.index + by);
  };
  useHotkeys({ ArrowLeft: move(-1), ArrowRight: move(1) });
}

interface ComparePickerProps {
  epochs: readonly number[];
  compareWith: CompareWith;
  handleIndex: number | null;
  onCompare: (compare: CompareWith) => void;
}

function ComparePicker(props: ComparePickerProps) {
  const { epochs, compareWith, handleIndex, onCompare } = props;
  if (epochs.length < 2) return null;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the select inside is its control.
    <label className="flex items-center gap-2 text-xs whitespace-nowrap text-muted">
      <span className="max-xl:sr-only">Compare with</span>
      <Select
        label="Compare with"
        className="h-7 w-34 text-xs max-sm:w-30 pointer-coarse:h-9"
        value={typeof compareWith === "number" ? String(epochs[handleIndex ?? 0]) : compareWith}
        onValueChange={(value) =>
          onCompare(value === "first" || value === "previous" ? value : Number(value))
        }
        options={[
          { value: "first", label: `First (${epochs[0]})` },
          { value: "previous", label: "Previous epoch" },
          ...epochs.map((epoch) => ({ value: String(epoch), label: `Epoch ${epoch}` })),
        ]}
      />
    </label>
  );
}

interface FollowSwitchProps {
  choice: EpochChoice;
  latest: number;
  onFollow: (follow: boolean) => void;
}

function FollowSwitch({ choice, latest, onFollow }: FollowSwitchProps) {
  return (
    <div className="flex items-center gap-2">
      {choice.follows || choice.epoch === latest ? null : (
        <Button size="sm" className="max-sm:hidden" onClick={() => onFollow(true)}>
          Jump to {latest}
        </Button>
      )}
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control. */}
      <label className="flex items-center gap-2 text-xs whitespace-nowrap text-muted">
        <Switch checked={choice.follows} onCheckedChange={onFollow} />
        <span>
          <span className="max-sm:sr-only">Follow </span>latest
        </span>
      </label>
    </div>
  );
}
