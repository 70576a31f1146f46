import type { Job } from "@signalbox/protocol/job/job";
import { jobGroups, parseField } from "@signalbox/protocol/job/run-field";
import { differences } from "./differences.ts";
import { numberOf, runValue, valueLabel } from "./run-value.ts";

/** One value axis over the runs: a number scale, or evenly spaced categories. */
export interface ValueAxis {
  field: string;
  title: string;
  /** Each run's position from 0 to 1; null if it has no value. */
  places: (number | null)[];
  /** The runs' values as text. */
  labels: string[];
  ticks: { place: number; label: string }[];
  logarithmic: boolean;
}

/** The axis of a field. A log scale is used if the largest number is at least 20 times the smallest. */
export function valueAxis(jobs: readonly Job[], fieldText: string): ValueAxis | null {
  const field = parseField(fieldText, [...jobGroups, "step", "duration", "progress"]);
  if (!field) return null;
  const values = jobs.map((job) => runValue(job, field));
  const labels = values.map((value) => valueLabel(field.name, value));
  const base = { field: fieldText, title: field.name, labels };
  const numbers = values.map((value) => {
    const number = numberOf(value);
    return number !== null && Number.isFinite(number) ? number : null;
  });
  const known = numbers.flatMap((number) => number ?? []);
  const words = values.filter((value) => value !== null && numberOf(value) === null);
  if (known.length === 0 || words.length > 0) {
    const kinds = [...new Set(labels.filter((_, index) => values[index] !== null))].sort();
    const place = (label: string) =>
      kinds.length < 2 ? 0.5 : kinds.indexOf(label) / (kinds.length - 1);
    return {
      ...base,
      logarithmic: false,
      places: labels.map((label, index) => (values[index] === null ? null : place(label))),
      ticks: kinds.slice(0, 24).map((label) => ({ place: place(label), label })),
    };
  }
  const [min, max] = [Math.min(...known), Math.max(...known)];
  const logarithmic = min > 0 && max / min >= 20;
  const scale = (value: number) => (logarithmic ? Math.log10(value) : value);
  const span = scale(max) - scale(min);
  const place = (value: number) => (span === 0 ? 0.5 : (scale(value) - scale(min)) / span);
  return {
    ...base,
    logarithmic,
    places: numbers.map((number) => (number === null ? null : place(number))),
    ticks: ticksOf(known, place, (at) => {
      const value = scale(min) + span * at;
      return Number((logarithmic ? 10 ** value : value).toPrecision(3));
    }).map((value) => ({ place: place(value), label: valueLabel(field.name, value) })),
  };
}

/** Ticks at the values if they are few and well separated, else five even ones. */
function ticksOf(
  known: readonly number[],
  place: (value: number) => number,
  valueAt: (place: number) => number,
): number[] {
  const distinct = [...new Set(known)].sort((a, b) => a - b);
  const apart = distinct.every(
    (value, index) => index === 0 || place(value) - place(distinct[index - 1] ?? value) > 0.06,
  );
  return distinct.length <= 8 && apart ? distinct : [0, 0.25, 0.5, 0.75, 1].map(valueAt);
}

/** The fields offered as axes: config keys that differ, then every series. */
export function axisFields(jobs: readonly Job[], names: readonly string[]): string[] {
  const config = differences(jobs)
    .filter((row) => row.differs && !["tags", "kind", "model", "dataset"].includes(row.path))
    .map((row) => `config.${row.path}`);
  return [...config, ...names.map((name) => `latest.${name}`)];
}

/** The default axes of the scatter plot: the learning rate or first differing key, and the main series. */
export function defaultAxes(fields: readonly string[]): { x: string; y: string } | null {
  const main =
    fields.find((field) => field === "latest.eval/loss") ??
    fields.find((field) => /^latest\..*(loss|reward)/.test(field)) ??
    fields.find((field) => field.startsWith("latest."));
  const y = main ?? fields.at(-1);
  const x =
    fields.find((field) => /^config\..*(learning_rate|lr)$/.test(field)) ??
    fields.find((field) => field.startsWith("config.")) ??
    fields.find((field) => field !== y);
  return x === undefined || y === undefined ? null : { x, y };
}
