import type { Job } from "@signalbox/protocol/job/job";
import { Document, isScalar, type ScalarTag, visit } from "yaml";

/** One value with its path. */
export interface ConfigEntry {
  path: string;
  value: unknown;
}

export interface ConfigSection {
  id: string;
  title: string;
  /** The text of an empty section. */
  empty: string;
  entries: ConfigEntry[];
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Arrays of primitives stay on one line; arrays of objects are expanded. */
const opens = (value: readonly unknown[]) => value.some((item) => typeof item === "object" && item);

const plainKey = /^[A-Za-z_$][\w$-]*$/;

function childPath(path: string, key: string): string {
  if (!plainKey.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Every value of a nested object with its path: `optimizer.betas`, `layers[0].width`. */
export function flatten(value: unknown, path = ""): ConfigEntry[] {
  if (isPlain(value)) {
    const keys = Object.keys(value);
    if (keys.length === 0 && path !== "") return [{ path, value: {} }];
    return keys.flatMap((key) => flatten(value[key], childPath(path, key)));
  }
  if (Array.isArray(value) && opens(value)) {
    return value.flatMap((item, index) => flatten(item, `${path}[${index}]`));
  }
  return [{ path, value }];
}

const natural = new Intl.Collator("en", { numeric: true });

/** Sorted by name: the database does not preserve key order. */
function byPath(entries: ConfigEntry[]): ConfigEntry[] {
  return entries.sort((a, b) => natural.compare(a.path, b.path));
}

/** A value as text: strings as they are, everything else as JSON. */
export function valueText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
}

function picked(job: Job, keys: readonly (keyof Job)[]): ConfigEntry[] {
  return keys.map((key) => ({ path: key, value: job[key] ?? null }));
}

/** The config of a run in sections. */
export function configSections(job: Job): ConfigSection[] {
  return [
    {
      id: "config",
      title: "Config",
      empty: "This run was started without a config.",
      entries: byPath(flatten(job.config)),
    },
    {
      id: "params",
      title: "Live parameters",
      empty: "No parameters were changed during this run.",
      entries: [
        ...byPath(flatten(job.params)),
        ...Object.entries(job.live_params).map(([name, { min, max }]) => ({
          path: `${name} range`,
          value: [min ?? null, max ?? null],
        })),
      ],
    },
    {
      id: "model",
      title: "Model and data",
      empty: "",
      entries: picked(job, ["model_name", "dataset_path", "dataset_id"]),
    },
    {
      id: "run",
      title: "Run",
      empty: "",
      entries: picked(job, [
        "id",
        "kind",
        "status",
        "managed",
        "attempt",
        "parent_job_id",
        "total_steps",
        "total_epochs",
        "generation",
        "created_at",
        "started_at",
        "finished_at",
      ]),
    },
  ];
}

/** The entries whose path or value contains every word of the query. */
export function searchEntries(entries: readonly ConfigEntry[], query: string): ConfigEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ path, value }) => {
    const text = `${path} ${valueText(value)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The run's config as JSON. */
export function configJson(job: Job): string {
  const { id, name, kind, model_name, dataset_path, dataset_id, config, params } = job;
  return JSON.stringify(
    { id, name, kind, model_name, dataset_path, dataset_id, config, params },
    null,
    2,
  );
}

/** YAML 1.1 parsers such as PyYAML read `1e-8` as a string, but `1.0e-8` as a number. */
const exponentFloat: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  test: /^-?\d+\.0e[-+]?\d+$/,
  identify: (value) => typeof value === "number" && /^-?\d+e/.test(String(value)),
  resolve: Number,
  stringify: ({ value }) => String(value).replace("e", ".0e"),
};

/** A value as YAML: block style for objects, flow style for arrays of primitives. */
export function toYaml(value: unknown): string {
  const document = new Document(value, {
    version: "1.1",
    aliasDuplicateObjects: false,
    customTags: (tags) => [exponentFloat, ...tags],
  });
  visit(document, {
    Seq(_key, list) {
      list.flow = list.items.every((item) => isScalar(item));
    },
  });
  return document
    .toString({ flowCollectionPadding: false, lineWidth: 0, directives: false })
    .trimEnd();
}
