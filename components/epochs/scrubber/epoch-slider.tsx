"use client";

import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import { useElementSize } from "@/lib/hooks/page/use-element-size";
import { labelledTicks } from "@/lib/predictions/epoch-choice";

type Handle = "epoch" | "compare";

interface EpochSliderProps {
  epochs: readonly number[];
  index: number;
  /** The second handle; null hides it. */
  compareIndex: number | null;
  onIndex: (index: number) => void;
  onCompareIndex: (index: number) => void;
}

/** A press within this many pixels of the second handle moves that handle, else the first. */
const grabRadius = 14;

function keyMove(key: string, index: number, count: number): number | null {
  const page = Math.max(1, Math.round(count / 10));
  const moves: Record<string, number> = {
    ArrowLeft: index - 1,
    ArrowDown: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index + 1,
    PageDown: index - page,
    PageUp: index + page,
    Home: 0,
    End: count - 1,
  };
  const to = moves[key];
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to));
}

/** A slider over all epochs, with one handle for the selected and one for the compared epoch. */
export function EpochSlider(props: EpochSliderProps) {
  const { epochs, index, compareIndex, onIndex, onCompareIndex } = props;
  const rail = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(rail);
  const [dragged, setDragged] = useState<Handle | null>(null);
  const last = epochs.length - 1;
  const at = (position: number) => (last === 0 ? 50 : (position / last) * 100);
  const labels = labelledTicks(epochs.length, width, 8 * longest(epochs) + 14);

  const indexUnder = (event: PointerEvent) => {
    const box = rail.current?.getBoundingClientRect();
    if (!box || last === 0) return 0;
    const share = (event.clientX - box.left) / box.width;
    return Math.max(0, Math.min(last, Math.round(share * last)));
  };
  const move = (handle: Handle, to: number) => {
    if (handle === "epoch" && to !== index) onIndex(to);
    if (handle === "compare" && to !== compareIndex) onCompareIndex(to);
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const box = rail.current?.getBoundingClientRect();
    const x = event.clientX - (box?.left ?? 0);
    const distance = (position: number) => Math.abs(x - (at(position) / 100) * (box?.width ?? 0));
    const nearCompare =
      compareIndex !== null &&
      compareIndex !== index &&
      distance(compareIndex) < grabRadius &&
      distance(compareIndex) < distance(index);
    const handle = event.shiftKey || nearCompare ? "compare" : "epoch";
    setDragged(handle);
    rail.current?.querySelector<HTMLElement>(`[data-handle=${handle}]`)?.focus();
    if (!nearCompare) move(handle, indexUnder(event));
  };
  const onKeyDown = (handle: Handle, from: number) => (event: KeyboardEvent) => {
    const to = keyMove(event.key, from, epochs.length);
    if (to === null || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    move(handle, to);
  };

  return (
    <div
      className="relative h-11 flex-1 touch-none select-none max-sm:h-13"
      onPointerDown={onPointerDown}
      onPointerMove={(event) => dragged && move(dragged, indexUnder(event))}
      onPointerUp={() => setDragged(null)}
      onPointerCancel={() => setDragged(null)}
    >
      <div ref={rail} className="absolute inset-x-3 top-0 bottom-0">
        <div aria-hidden className="absolute inset-x-0 top-3.75 h-0.5 rounded-full bg-active" />
        {compareIndex !== null && compareIndex !== index ? (
          <div
            aria-hidden
            className="absolute top-3.5 h-1 rounded-full bg-accent/55"
            style={{
              left: `${Math.min(at(index), at(compareIndex))}%`,
              width: `${Math.abs(at(index) - at(compareIndex))}%`,
            }}
          />
        ) : null}
        {epochs.length <= Math.max(20, width / 5)
          ? epochs.map((epoch, position) => (
              <i
                key={epoch}
                aria-hidden
                className="absolute top-3.25 h-1.5 w-px -translate-x-1/2 bg-line-strong"
                style={{ left: `${at(position)}%` }}
              />
            ))
          : null}
        {labels.map((position) => (
          <span
            key={epochs[position]}
            aria-hidden
            className={cn(
              "nums absolute bottom-0 -translate-x-1/2 font-mono text-2xs max-sm:bottom-1",
              position === index ? "font-semibold text-ink" : "text-faint",
            )}
            style={{ left: `${at(position)}%` }}
          >
            {epochs[position]}
          </span>
        ))}
        {compareIndex !== null ? (
          <Thumb
            handle="compare"
            label="Compare with epoch"
            index={compareIndex}
            epochs={epochs}
            left={at(compareIndex)}
            onKeyDown={onKeyDown("compare", compareIndex)}
          />
        ) : null}
        <Thumb
          handle="epoch"
          label="Epoch"
          index={index}
          epochs={epochs}
          left={at(index)}
          onKeyDown={onKeyDown("epoch", index)}
        />
      </div>
    </div>
  );
}

function longest(epochs: readonly number[]): number {
  return epochs.reduce((most, epoch) => Math.max(most, String(epoch).length), 1);
}

interface ThumbProps {
  handle: Handle;
  label: string;
  index: number;
  epochs: readonly number[];
  /** Percent of the track. */
  left: number;
  onKeyDown: (event: KeyboardEvent) => void;
}

function Thumb({ handle, label, index, epochs, left, onKeyDown }: ThumbProps) {
  return (
    <div
      role="slider"
      tabIndex={0}
      data-handle={handle}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={epochs.length - 1}
      aria-valuenow={index}
      aria-valuetext={`Epoch ${epochs[index]}`}
      onKeyDown={onKeyDown}
      className={cn(
        "absolute top-4 -translate-x-1/2 -translate-y-1/2 rounded-full border-2",
        handle === "epoch"
          ? "size-4.5 border-accent bg-accent shadow-popup pointer-coarse:size-6"
          : "size-4 border-accent-ink bg-surface pointer-coarse:size-5.5",
      )}
      style={{ left: `${left}%` }}
    />
  );
}
