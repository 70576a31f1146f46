import { defineTrainer } from "../define-trainer.ts";
import { modelShapeSchema, PRONUNCIATION_WEIGHTS } from "../pronunciation/config-fields.ts";
import { LIVE_LEARNING_RATE } from "../toolkit/schedule.ts";
import { rlConfigSchema } from "./config.ts";

export default defineTrainer({
  name: "pronunciation-rl",
  title: "Spelling to pronunciation, policy gradient",
  kind: "rl",
  config: rlConfigSchema,
  liveParams: { learning_rate: LIVE_LEARNING_RATE },
  weights: PRONUNCIATION_WEIGHTS,
  startFrom: {
    field: "init_from_job",
    // The weights only fit a model of the shape that they were trained in.
    adopt: (config, source) => ({ ...config, ...modelShapeSchema.parse(source) }),
  },
  create: async (config, start) => {
    const { initTask } = await import("../pronunciation/init-task.ts");
    const { weightsFrom } = await import("../pronunciation/optimizer-snapshot.ts");
    const { RlTrainer } = await import("./rl-trainer.ts");
    const weights = start && weightsFrom(config, "parameters", start.tensors);
    return new RlTrainer(config, await initTask(), weights);
  },
  introduction: async (config) => {
    const { introduction } = await import("../pronunciation/introduction.ts");
    return introduction("policy gradient", config);
  },
});
