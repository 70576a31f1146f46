import type { EvaluatedSample, Evaluation } from "../trainer.ts";

const SHOWN = 6;
const green = (text: string) => `\u001b[32m${text}\u001b[0m`;
const red = (text: string) => `\u001b[31m${text}\u001b[0m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[0m`;
const bold = (text: string) => `\u001b[1m${text}\u001b[0m`;

/** Formats an evaluation for the log: the metrics, then a few predictions. */
export function evaluationLines(
  epoch: number,
  totalEpochs: number,
  { metrics, samples }: Evaluation,
): string[] {
  const formatted = Object.entries(metrics)
    .map(
      ([name, value]) =>
        `${name.replace("eval/", "").replaceAll("_", " ")} ${formatMetric(name, value)}`,
    )
    .join("  ");
  const title = epoch === 0 ? "before training" : `epoch ${epoch}/${totalEpochs}`;
  return [bold(`── ${title} ── ${formatted}`), ...samples.slice(0, SHOWN).map(sampleLine)];
}

function formatMetric(name: string, value: number): string {
  return name.endsWith("exact_match") ? `${(value * 100).toFixed(1)} %` : value.toFixed(4);
}

function sampleLine({ prompt, prediction, ground_truth }: EvaluatedSample): string {
  const correct = prediction === ground_truth;
  const word = prompt.padEnd(13);
  const shown = prediction === "" ? "(nothing)" : prediction;
  return correct
    ? `  ${green("✓")} ${word} ${green(shown)}`
    : `  ${red("✗")} ${word} ${red(shown)}  ${dim(ground_truth)}`;
}
