import type { Metrics } from "../trainer.ts";

export interface Position {
  step: number;
  totalSteps: number;
  epoch: number;
  totalEpochs: number;
}

const count = (value: number) => value.toLocaleString("en");
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** `2,000 steps in 10 epochs` */
export function startedMessage({ totalSteps, totalEpochs }: Position): string {
  return `Training started: ${count(totalSteps)} steps in ${count(totalEpochs)} epochs`;
}

/** `Step 420 of 2,000 (21 %), loss 0.5692` */
export function progressMessage({ step, totalSteps }: Position, figures: Metrics): string {
  const share = Math.floor((100 * step) / totalSteps);
  return [`Step ${count(step)} of ${count(totalSteps)} (${share} %)`, ...shown(figures)].join(", ");
}

/** `Step 420: loss 0.5692` */
export function lossMessage({ step }: Position, loss: number): string {
  return `Step ${count(step)}: ${figureText("loss", loss)}`;
}

/** `Epoch 3 of 10: exact match 41.2 %, char error rate 0.2134` */
export function summaryMessage({ epoch, totalEpochs }: Position, figures: Metrics): string {
  const title = epoch === 0 ? "Before training" : `Epoch ${epoch} of ${totalEpochs}`;
  const texts = Object.entries(figures).map(([name, value]) => figureText(name, value));
  return `${title}: ${texts.join(", ") || "evaluated"}`;
}

/** The figures that a line of progress shows; the event's data has them all. */
function shown(figures: Metrics): string[] {
  return ["loss", "reward_mean", "policy_loss", "kl"].flatMap((name) => {
    const value = figures[name];
    return value === undefined ? [] : [figureText(name, value)];
  });
}

function figureText(name: string, value: number): string {
  const text = name === "exact_match" ? percent(value) : value.toFixed(4);
  return `${name.replaceAll("_", " ")} ${text}`;
}
