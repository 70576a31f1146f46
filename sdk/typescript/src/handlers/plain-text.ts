import type { StreamMessage } from "../stream/message.ts";

// Control and bidirectional characters: those in a log must not move the cursor, change colours or
// hide text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are to be removed
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g;

/** Text on one line, without control sequences. */
export function plainText(text: string): string {
  return text
    .replace(sequences, "")
    .replace(/[\t\n\r]+/g, " ")
    .replace(unsafe, "");
}

/** A number for people: four significant digits, `3e-4` for very small or large ones. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "∞");
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return String(Number(value.toPrecision(4)));
  return value
    .toExponential(3)
    .replace(/\.?0+e/, "e")
    .replace("e+", "e");
}

/** The local time of day of a message. */
export function timeOfDay(timestamp: string): string {
  const date = new Date(timestamp);
  const two = (part: number) => String(part).padStart(2, "0");
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
}

/** A message in one line, without its time. */
export function messageText(message: StreamMessage): string {
  const { step } = message;
  const at = step === null ? "" : ` step ${step}`;
  switch (message.stream_type) {
    case "status": {
      const { from, status, reason } = message.data;
      const change = from === null ? status : `${from} → ${status}`;
      return plainText(`status ${change}${reason ? `: ${reason}` : ""}`);
    }
    case "events": {
      const { level, type, message: text } = message.data;
      return plainText(`events ${level} ${type}${text ? `: ${text}` : ""}${at}`);
    }
    case "metrics":
      return plainText(`metrics ${message.data.name} ${figure(message.data.value)}${at}`);
    case "timeline":
      return plainText(`timeline ${message.data.phase}${at}`);
    case "logs":
      return plainText(`logs ${message.data.stream} ${message.data.text}`);
    case "predictions": {
      const { epoch, sample_index, prompt, prediction, ground_truth } = message.data;
      const truth = ground_truth === null ? "" : ` (truth ${short(ground_truth)})`;
      return plainText(
        `predictions epoch ${epoch} sample ${sample_index} ${short(prompt)} → ${short(prediction)}${truth}`,
      );
    }
  }
}

function short(text: string): string {
  const characters = Array.from(text.slice(0, 400));
  return characters.length <= 60 ? characters.join("") : `${characters.slice(0, 59).join("")}…`;
}
