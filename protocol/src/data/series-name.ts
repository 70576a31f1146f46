/**
 * A text that is equal for names of the same series: parts of a name may be separated by `/` or by
 * `.`. So `train.loss` means `train/loss`, and the other way round.
 */
export function seriesNameKey(name: string): string {
  return name.replaceAll(".", "/");
}
