import { defineTrainer } from "../define-trainer.ts";
import { PRONUNCIATION_WEIGHTS } from "../pronunciation/config-fields.ts";
import { LIVE_LEARNING_RATE } from "../toolkit/schedule.ts";
import { sftConfigSchema } from "./config.ts";

export default defineTrainer({
  name: "pronunciation-sft",
  title: "Spelling to pronunciation, supervised",
  kind: "sft",
  config: sftConfigSchema,
  liveParams: { learning_rate: LIVE_LEARNING_RATE },
  weights: PRONUNCIATION_WEIGHTS,
  create: async (config) => {
    const { initTask } = await import("../pronunciation/init-task.ts");
    const { SftTrainer } = await import("./sft-trainer.ts");
    return new SftTrainer(config, await initTask());
  },
  introduction: async (config) => {
    const { introduction } = await import("../pronunciation/introduction.ts");
    return introduction("supervised", config);
  },
});
