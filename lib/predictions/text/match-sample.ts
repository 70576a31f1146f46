import type { Prediction } from "@signalbox/protocol/data/prediction";

type Identity = Pick<Prediction, "prompt_id" | "prompt" | "sample_index">;

/** Whether samples of two runs are the same: by id where both have one, else by prompt. */
export function isSameSample(a: Identity, b: Identity): boolean {
  if (a.prompt_id !== null && b.prompt_id !== null) return a.prompt_id === b.prompt_id;
  if (a.prompt !== "" || b.prompt !== "") return a.prompt === b.prompt;
  return a.sample_index === b.sample_index;
}

export function findSame<T extends Identity>(
  sample: Identity,
  candidates: readonly T[],
): T | undefined {
  return candidates.find((each) => isSameSample(sample, each));
}

/** The text to search another run for; null where the sample has no prompt. */
export function searchText({ prompt }: Identity): string | null {
  const text = prompt.slice(0, 200);
  const code = text.charCodeAt(text.length - 1);
  // Half of a surrogate pair cannot be encoded in a URL.
  const whole = code >= 0xd800 && code < 0xdc00 ? text.slice(0, -1) : text;
  return whole.trim() === "" ? null : whole;
}
