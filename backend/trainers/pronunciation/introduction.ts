import type { ModelShape } from "./config-fields.ts";
import { weightSpecs } from "./model.ts";
import { dictionaryWords } from "./words.ts";

/** The first lines of a run's log: task, method and size of the model. */
export function introduction(method: string, shape: ModelShape): string[] {
  const { width, layers, heads } = shape;
  const words = dictionaryWords().train.length;
  const weights = weightSpecs(shape)
    .map((spec) => spec.shape.reduce((a, b) => a * b, 1))
    .reduce((a, b) => a + b, 0);
  return [
    `spelling → pronunciation, ${method}: ${words.toLocaleString("en")} training words`,
    `transformer of ${layers} × ${width}, ${heads} heads, ${weights.toLocaleString("en")} weights`,
  ];
}
