import type { Command } from "@signalbox/protocol/job/command";
import { formatInteger } from "../../format/number.ts";
import { paramChanges } from "../../format/params.ts";

type MarkerKind = "params" | "pause" | "resume" | "checkpoint" | "stop";

/** A vertical line on every panel at the step where a command took effect. */
export interface Marker {
  id: string;
  step: number;
  kind: MarkerKind;
  label: string;
  /** The whole sentence, for tooltips and screen readers. */
  title: string;
}

function describeCommand(command: Command): { kind: MarkerKind; label: string; title: string } {
  switch (command.type) {
    case "update_params":
      return { kind: "params", ...paramChanges(command) };
    case "pause":
      return { kind: "pause", label: "paused", title: "paused" };
    case "resume":
      return { kind: "resume", label: "resumed", title: "resumed" };
    case "checkpoint":
      return { kind: "checkpoint", label: "saved", title: "checkpoint saved" };
    case "stop":
      return { kind: "stop", label: "stopped", title: "stopped" };
  }
}

/** The markers of a run, ascending by step: commands that the trainer has applied. */
export function commandMarkers(commands: readonly Command[]): Marker[] {
  const markers: Marker[] = [];
  for (const command of commands) {
    if (command.status !== "applied" || command.applied_step === null) continue;
    const { kind, label, title } = describeCommand(command);
    const step = command.applied_step;
    markers.push({
      id: command.id,
      step,
      kind,
      label,
      title: `${title} at step ${formatInteger(step)}`,
    });
  }
  return markers.sort((a, b) => a.step - b.step);
}

export interface PlacedMarker {
  x: number;
  kind: MarkerKind;
  /** Empty if there is no room: then only the line is drawn. */
  label: string;
  row: number;
  /** The side of the line that the label is on. */
  side: "left" | "right";
}

interface Taken {
  row: number;
  from: number;
  to: number;
}

const labelPadding = 6;

/** Which of several commands at one position gives the label: a change of the training wins. */
const importance: Record<MarkerKind, number> = {
  params: 3,
  stop: 2,
  pause: 1,
  resume: 1,
  checkpoint: 0,
};

/** Markers with their positions; of those nearer than 3 px the most important, then the latest. */
function apart(markers: readonly Marker[], toX: (step: number) => number, width: number) {
  const kept: { x: number; marker: Marker }[] = [];
  for (const marker of markers) {
    const x = toX(marker.step);
    if (!(x >= 0 && x <= width)) continue;
    const near = kept.at(-1);
    if (!near || x - near.x >= 3) kept.push({ x, marker });
    else if (importance[marker.kind] >= importance[near.marker.kind]) near.marker = marker;
  }
  return kept;
}

/**
 * Lays out markers in a plot of `width` pixels: labels are right of their line, left at the end of
 * the plot, and one row down if they would overlap. The newest are placed first; a marker without
 * room in any of the rows has no label.
 */
export function layOutMarkers(
  markers: readonly Marker[],
  toX: (step: number) => number,
  measure: (label: string) => number,
  width: number,
  rows = 3,
): PlacedMarker[] {
  const placed: PlacedMarker[] = [];
  const taken: Taken[] = [];
  const free = (row: number, from: number, to: number) =>
    from >= 0 &&
    to <= width + labelPadding &&
    !taken.some((other) => other.row === row && other.from < to && from < other.to);

  for (const { x, marker } of apart(markers, toX, width).reverse()) {
    const extent = measure(marker.label) + labelPadding;
    const spots = Array.from({ length: rows }, (_, row) => [
      { row, side: "right" as const, from: x, to: x + extent },
      { row, side: "left" as const, from: x - extent, to: x },
    ]).flat();
    const spot = spots.find(({ row, from, to }) => free(row, from, to));
    if (spot) taken.push(spot);
    placed.push({
      x,
      kind: marker.kind,
      label: spot ? marker.label : "",
      row: spot?.row ?? 0,
      side: spot?.side ?? "right",
    });
  }
  return placed.reverse();
}
