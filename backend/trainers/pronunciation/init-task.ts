import { init } from "@jax-js/jax";
import { dictionaryWords, type WordSplit } from "./words.ts";

/** Initialises the array library and loads the dictionary. */
export async function initTask(): Promise<WordSplit> {
  await init("wasm");
  return dictionaryWords();
}
