import { describe, expect, it } from "vitest";
import { changeOverrides, formatShown, parseShown } from "./panel-settings.ts";

describe("settings in the URL", () => {
  it("read back the zoom they wrote, and nothing else", () => {
    const shown = { axis: "epoch" as const, min: 0.5, max: 1.25 };
    expect(parseShown(formatShown(shown))).toEqual(shown);
    expect(parseShown("epoch:2:1")).toBeUndefined();
    expect(parseShown("moon:1:2")).toBeUndefined();
  });

  it("drop a panel without overrides", () => {
    const some = changeOverrides({}, "a", { logY: true, amount: 0.5 });
    expect(some).toEqual({ a: { logY: true, amount: 0.5 } });
    expect(changeOverrides(some, "a", { logY: undefined, amount: undefined })).toEqual({});
  });

  it.each(["constructor", "toString"])("are none for a new series of the name %s", (name) => {
    expect(changeOverrides({}, name, { amount: 0.5 })).toEqual({ [name]: { amount: 0.5 } });
    expect(changeOverrides({}, name, { amount: undefined })).toEqual({});
  });
});
