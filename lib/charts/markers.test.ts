import { describe, expect, it } from "vitest";
import type { Command } from "../contracts/command.ts";
import { commandMarkers, placeMarkers } from "./markers.ts";

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
  it("mark only what the trainer says it has applied, in order of step", () => {
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

  it("take what was asked for where the trainer does not say what it set", () => {
    const [marker] = commandMarkers([
      command({ type: "update_params", args: { temperature: 0.7 } }),
    ]);
    expect(marker?.label).toBe("temperature → 0.7000");
  });
});

describe("placing markers", () => {
  const at = (step: number, label = "label") => ({
    id: String(step),
    step,
    kind: "pause" as const,
    label,
    title: label,
  });
  const place = (markers: ReturnType<typeof at>[]) =>
    placeMarkers(
      markers,
      (step) => step,
      () => 40,
      200,
    );

  it("moves a label that would overlap one row down, then leaves it out", () => {
    expect(place([at(0), at(10), at(20), at(60)]).map((m) => [m.x, m.row, m.label])).toEqual([
      [0, 0, "label"],
      [10, 1, "label"],
      [20, 0, ""],
      [60, 0, "label"],
    ]);
  });

  it("draws lines nearer than three pixels once", () => {
    expect(place([at(10), at(11)])).toHaveLength(1);
  });

  it("leaves out what the zoom does not show", () => {
    expect(place([at(-5), at(250)])).toEqual([]);
  });
});
