import { floods } from "./floods.ts";
import type { FloodPlan, FloodReport } from "./messages.ts";

/** Floods a dashboard as its parent says, until told to stop. */
process.once("message", (plan: FloodPlan) => {
  const { workers, work } = floods[plan.flood];
  const report: FloodReport = { done: 0, refused: 0 };
  process.once("message", () => process.send?.(report, () => process.exit()));
  const repeat = async (index: number) => {
    for (;;) await work(plan, report, index).catch(() => undefined);
  };
  for (let index = 0; index < workers; index += 1) void repeat(index);
});
process.once("disconnect", () => process.exit());
