import type { Command } from "../contracts/command.ts";
import { formatInteger } from "../format/number.ts";
import { paramChanges } from "../format/params.ts";

export type MarkerKind = "params" | "pause" | "resume" | "checkpoint" | "stop";

/** A vertical line on every panel, where a command took effect. */
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

/** The markers of a run, ascending by step: commands that the trainer says it has applied. */
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
  /** Empty where there is no room for words: the line alone is drawn. */
  label: string;
  row: number;
}

/**
 * Places markers in a plot of `width` pixels: lines nearer than 3 px become one, labels that would
 * overlap go one row down, and are left out when `rows` rows are full.
 */
export function placeMarkers(
  markers: readonly Marker[],
  toX: (step: number) => number,
  measure: (label: string) => number,
  width: number,
  rows = 2,
): PlacedMarker[] {
  const placed: PlacedMarker[] = [];
  const rowEnds = Array.from({ length: rows }, () => Number.NEGATIVE_INFINITY);
  const padding = 6;
  for (const marker of markers) {
    const x = toX(marker.step);
    if (!(x >= 0 && x <= width)) continue;
    const previous = placed.at(-1);
    if (previous && x - previous.x < 3) {
      // A pause and its resume often share a step: the later one names the line.
      previous.kind = marker.kind;
      continue;
    }
    const extent = measure(marker.label) + padding;
    const row = rowEnds.findIndex((end) => x >= end);
    const fits = row >= 0 && x + extent <= width + padding;
    if (fits) rowEnds[row] = x + extent;
    placed.push({
      x,
      kind: marker.kind,
      label: fits ? marker.label : "",
      row: fits ? row : 0,
    });
  }
  return placed;
}
