import { readFileSync } from "node:fs";
import { jobKinds } from "@signalbox/protocol/job/job-kind";
import { isJsonObject } from "@signalbox/protocol/wire/json";
import { parse, TomlError } from "smol-toml";
import type { JobKind, StartJob } from "../types.ts";
import { usageError } from "./exit.ts";
import { parseAssignment } from "./values.ts";

export interface RunChoices {
  type?: JobKind | undefined;
  name?: string | undefined;
  tag?: readonly string[] | undefined;
  /** `name=value`, over what the file says. */
  set?: readonly string[] | undefined;
}

const runFields = new Set(["kind", "type", "name", "tags", "dataset_id", "config"]);

/**
 * Reads a run's TOML file: `kind` (or `type`), `name`, `tags`, `dataset_id`, and the trainer's settings below
 * `[config]`. Command-line options take precedence.
 * @throws CliError for a file that cannot be read, is not TOML or has unknown fields
 */
export function readRunFile(path: string, choices: RunChoices): StartJob {
  return runOfToml(parseToml(path, readText(path)), path, choices);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw usageError(`Cannot read ${path}: ${error instanceof Error ? error.message : error}.`);
  }
}

/** Parses TOML; a syntax error names its line. */
export function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ""] = error.message.split("\n");
    throw usageError(`${path}, line ${error.line}, column ${error.column}: ${reason}`);
  }
}

/** A run as a document and the command line describe it. */
export function runOfToml(
  document: Record<string, unknown>,
  path: string,
  choices: RunChoices,
): StartJob {
  const wrong = (what: string) => usageError(`${path}: ${what}`);
  for (const name of Object.keys(document)) {
    if (!runFields.has(name)) {
      throw wrong(`“${name}” is not a field of a run. Trainer settings go below [config].`);
    }
  }
  const { name, tags, dataset_id, config = {} } = document;
  const kind = choices.type ?? kindOf(document, wrong);
  if (!isJsonObject(config)) throw wrong("config must be a table: [config].");
  if (name !== undefined && typeof name !== "string") throw wrong("name must be a string.");
  if (dataset_id !== undefined && typeof dataset_id !== "string") {
    throw wrong("dataset_id must be a string.");
  }
  if (tags !== undefined && !isStringList(tags)) throw wrong("tags must be a list of strings.");
  const set = (choices.set ?? []).map(parseAssignment);
  return {
    kind,
    name: choices.name ?? name,
    dataset_id,
    tags: [...new Set([...(tags ?? []), ...(choices.tag ?? [])])],
    config: { ...config, ...Object.fromEntries(set) },
  };
}

/** What the file calls the kind; `sft` if it says nothing. */
function kindOf(document: Record<string, unknown>, wrong: (what: string) => Error): JobKind {
  const { kind, type } = document;
  if (kind !== undefined && type !== undefined) {
    throw wrong("kind and type are the same: give one of them.");
  }
  const named = kind ?? type ?? "sft";
  const known = jobKinds.find((each) => each === named);
  if (known) return known;
  throw wrong(`${kind === undefined ? "type" : "kind"} must be one of ${jobKinds.join(", ")}.`);
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
