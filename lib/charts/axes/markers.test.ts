import type { Command } from "@signalbox/protocol/job/command";
import { describe, expect, it } from "vitest";
import { commandMarkers, layOutMarkers, type Marker } from "./markers.ts";

const command = (fields: Partial<Command>): Command => ({
  id: "c1",
  type: "pause",
  args: {},
  status: "applied",
  requested_by: null,
  requested_at: "2025-11-20T14:02:11Z",
  delivered_at: null,
  applied_at: null,
  applied_step: 100,
  old: null,
  new: null,
  reason: null,
  result: null,
  ...fields,
});

describe("command markers", () => {
  it("show only commands that the trainer has applied, in order of step", () => {
    const markers = commandMarkers([
      command({ id: "late", applied_step: 900 }),
      command({ id: "asked", status: "delivered", applied_step: null }),
      command({ id: "refused", status: "rejected" }),
      command({ id: "zero", applied_step: 0, type: "checkpoint" }),
    ]);
    expect(markers.map((m) => m.id)).toEqual(["zero", "late"]);
  });

  it("name the learning rate's change", () => {
    const [marker] = commandMarkers([
      command({
        type: "update_params",
        applied_step: 1040,
        old: { learning_rate: 0.003 },
        new: { learning_rate: 0.0015 },
      }),
    ]);
    expect(marker?.label).toBe("lr → 1.5e-3");
    expect(marker?.title).toBe("learning rate 3e-3 → 1.5e-3 at step 1,040");
  });

  it("show the requested values if the trainer does not report what it set", () => {
    const [marker] = commandMarkers([
      command({ type: "update_params", args: { temperature: 0.7 } }),
    ]);
    expect(marker?.label).toBe("temperature → 0.7000");
  });
});

describe("laying out markers", () => {
  const at = (step: number, label = "label") => ({
    id: String(step),
    step,
    kind: "pause" as const,
    label,
    title: label,
  });
  const place = (markers: Marker[]) =>
    layOutMarkers(
      markers,
      (step) => step,
      () => 40,
      200,
    );

  it("puts a label right of its line, and left of it at the end of the plot", () => {
    expect(place([at(10), at(190)]).map((m) => [m.x, m.row, m.side])).toEqual([
      [10, 0, "right"],
      [190, 0, "left"],
    ]);
  });

  it("moves labels that would overlap down a row, and leaves out the oldest", () => {
    const crowd = place([at(0), at(4), at(8), at(12)]);
    expect(crowd.map((m) => [m.x, m.row, m.label])).toEqual([
      [0, 0, ""],
      [4, 2, "label"],
      [8, 1, "label"],
      [12, 0, "label"],
    ]);
  });

  it("draws lines nearer than three pixels once, named after the later", () => {
    expect(place([at(10, "paused"), at(11, "resumed")]).map((m) => m.label)).toEqual(["resumed"]);
  });

  it("prefers the label of a parameter change to that of a checkpoint", () => {
    const change = { ...at(10, "lr → 1e-3"), kind: "params" as const };
    const saved = { ...at(11, "saved"), kind: "checkpoint" as const };
    expect(place([change, saved]).map((m) => m.label)).toEqual(["lr → 1e-3"]);
  });

  it("leaves out markers outside the zoom", () => {
    expect(place([at(-5), at(250)])).toEqual([]);
  });
});
