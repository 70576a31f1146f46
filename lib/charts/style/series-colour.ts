import { ownValue } from "@signalbox/protocol/wire/json";

/** The number of series colours (`--series-1` … `--series-8`). */
export const seriesColours = 8;

const known: Record<string, number> = {
  loss: 1,
  exact_match: 3,
  reward_mean: 3,
  char_error_rate: 2,
  learning_rate: 4,
  grad_norm: 5,
  tokens_per_second: 6,
  policy_loss: 7,
  kl: 8,
};

/** A hash of a text (FNV-1a). */
export function hashText(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

/** The colour of a series, 1–8; the same name has the same colour everywhere. */
export function seriesColour(name: string): number {
  const leaf = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf(".")) + 1);
  return ownValue(known, leaf) ?? (hashText(name) % seriesColours) + 1;
}
