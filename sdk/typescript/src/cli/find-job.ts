import { NotFoundError } from "../errors.ts";
import { plainText } from "../handlers/plain-text.ts";
import type { Job } from "../types.ts";
import type { CliContext } from "./context.ts";
import { CliError, usageError } from "./exit.ts";

const idPattern = /^[A-Za-z0-9._:-]{1,128}$/;
/** How many search results are considered. */
const maxCandidates = 2000;

/**
 * Finds a run by id, else by name, else by a unique prefix of either.
 * @throws CliError if none or several match
 */
export async function findJob(cli: CliContext, text: string): Promise<Job> {
  const { jobs } = cli.client;
  const { signal } = cli;
  if (idPattern.test(text) && !/^\.{1,2}$/.test(text)) {
    try {
      return await jobs.get(text, { signal });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  if (text === "" || text.length > 256) throw usageError("Name a run by its id or name.");
  const candidates: Job[] = [];
  for await (const job of jobs.all({ q: text, archived: "all" }, { signal })) {
    candidates.push(job);
    if (candidates.length === maxCandidates) break;
  }
  const found = chooseJob(candidates, text);
  if (found.length === 1 && found[0]) return found[0];
  if (found.length === 0) throw new CliError(`Run “${plainText(text)}” not found.`);
  const some = found.slice(0, 5).map((job) => `  ${job.id}  ${job.status}  ${plainText(job.name)}`);
  const more = found.length > some.length ? "\n  …" : "";
  throw usageError(`“${plainText(text)}” matches ${found.length} runs:\n${some.join("\n")}${more}`);
}

/** The best matches: by id, else by name, else by prefix of either. */
export function chooseJob<J extends Pick<Job, "id" | "name">>(
  jobs: readonly J[],
  text: string,
): J[] {
  const matchers: ((job: J) => boolean)[] = [
    (job) => job.id === text,
    (job) => job.name === text,
    (job) => job.id.startsWith(text) || job.name.startsWith(text),
  ];
  for (const matches of matchers) {
    const found = jobs.filter(matches);
    if (found.length > 0) return found;
  }
  return [];
}
