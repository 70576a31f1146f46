import type { Command } from "@signalbox/protocol/job/command";
import { describe, expect, it } from "vitest";
import {
  commandOutcome,
  commandSeconds,
  commandTitle,
  commandTrail,
  openCommand,
} from "./command-text.ts";
import { formatClock } from "./time.ts";

const requested = "2025-11-20T14:02:11.000Z";

const command = (fields: Partial<Command> = {}): Command => ({
  id: "c1",
  type: "pause",
  args: { mode: "hold" },
  status: "pending",
  requested_by: "owner",
  requested_at: requested,
  delivered_at: null,
  applied_at: null,
  applied_step: null,
  old: null,
  new: null,
  reason: null,
  result: null,
  ...fields,
});

describe("a command's trail", () => {
  it("goes from requested to delivered to applied at a step", () => {
    const clock = formatClock(requested);
    expect(commandTrail(command())).toBe(`requested ${clock} → waiting for the trainer`);
    expect(commandTrail(command({ status: "delivered", delivered_at: requested }))).toBe(
      `requested ${clock} → delivered`,
    );
    expect(
      commandTrail(command({ status: "applied", delivered_at: requested, applied_step: 4310 })),
    ).toBe(`requested ${clock} → delivered → applied at step 4,310`);
  });

  it("gives the reason of a refusal in words", () => {
    expect(commandOutcome(command({ status: "rejected", reason: "The disk is full." }))).toBe(
      "rejected: The disk is full.",
    );
    expect(commandOutcome(command({ status: "expired" }))).toBe(
      "expired before the trainer received it",
    );
  });

  it("says what was requested", () => {
    expect(commandTitle(command())).toBe("Pause and hold");
    expect(commandTitle(command({ type: "update_params", args: { learning_rate: 0.0015 } }))).toBe(
      "learning rate → 1.5e-3",
    );
  });

  it("measures from request to application", () => {
    expect(commandSeconds(command({ applied_at: "2025-11-20T14:02:13.500Z" }))).toBe(2.5);
    expect(commandSeconds(command())).toBeNull();
  });
});

describe("an open command", () => {
  it("is one that the trainer has not answered yet", () => {
    const commands = [command({ id: "a", status: "applied" }), command({ id: "b" })];
    expect(openCommand(commands, "pause")?.id).toBe("b");
    expect(openCommand(commands, "stop")).toBeUndefined();
  });
});
