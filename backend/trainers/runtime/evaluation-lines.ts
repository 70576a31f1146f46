import type { EvaluatedSample, Evaluation } from "../trainer.ts";

const SHOWN = 6;
const green = (text: string) => `\u001b[32m${text}\u001b[0m`;
const red = (text: string) => `\u001b[31m${text}\u001b[0m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[0m`;
const bold = (text: string) => `\u001b[1m${text}\u001b[0m`;

/** An evaluation as lines to read: the figures, then a few words as the model says them now. */
export function evaluationLines(
  epoch: number,
  totalEpochs: number,
  { figures, samples }: Evaluation,
): string[] {
  const told = Object.entries(figures)
    .map(
      ([name, value]) => `${name.replace("eval/", "").replaceAll("_", " ")} ${show(name, value)}`,
    )
    .join("  ");
  const title = epoch === 0 ? "before training" : `epoch ${epoch}/${totalEpochs}`;
  return [bold(`── ${title} ── ${told}`), ...samples.slice(0, SHOWN).map(sampleLine)];
}

function show(name: string, value: number): string {
  return name.endsWith("exact_match") ? `${(value * 100).toFixed(1)} %` : value.toFixed(4);
}

function sampleLine({ prompt, prediction, ground_truth }: EvaluatedSample): string {
  const right = prediction === ground_truth;
  const word = prompt.padEnd(13);
  const said = prediction === "" ? "(nothing)" : prediction;
  return right
    ? `  ${green("✓")} ${word} ${green(said)}`
    : `  ${red("✗")} ${word} ${red(said)}  ${dim(ground_truth)}`;
}
