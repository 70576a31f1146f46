import rl from "./rl/index.ts";
import sft from "./sft/index.ts";
import { TrainerRegistry } from "./trainer-registry.ts";

/** Every trainer of this backend. Forms offer them in this order. */
export const trainers = new TrainerRegistry([sft, rl]);
