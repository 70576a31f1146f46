import { NotFoundError } from "../errors.ts";
import { plainText } from "../handlers/plain-text.ts";
import type { Job } from "../types.ts";
import type { CliContext } from "./context.ts";
import { CliError, usageError } from "./exit.ts";

const idPattern = /^[A-Za-z0-9._:-]{1,128}$/;
/** So many runs near a text are looked at, which is plenty for a name that says something. */
const lookedAt = 2000;

/**
 * The run that a text means: its id, else its name, else the only one whose id or name begins so.
 * @throws CliError where there is none, or more than one
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
  if (text === "" || text.length > 256) throw usageError("Say which run: an id, or a name.");
  const near: Job[] = [];
  for await (const job of jobs.all({ q: text, archived: "all" }, { signal })) {
    near.push(job);
    if (near.length === lookedAt) break;
  }
  const found = chooseJob(near, text);
  if (found.length === 1 && found[0]) return found[0];
  if (found.length === 0) throw new CliError(`There is no run “${plainText(text)}”.`);
  const some = found.slice(0, 5).map((job) => `  ${job.id}  ${job.status}  ${plainText(job.name)}`);
  const more = found.length > some.length ? "\n  …" : "";
  throw usageError(`“${plainText(text)}” may be ${found.length} runs:\n${some.join("\n")}${more}`);
}

/** Of runs near a text: those so named, else those whose id begins so, else whose name does. */
export function chooseJob<J extends Pick<Job, "id" | "name">>(
  jobs: readonly J[],
  text: string,
): J[] {
  const ways: ((job: J) => boolean)[] = [
    (job) => job.id === text,
    (job) => job.name === text,
    (job) => job.id.startsWith(text) || job.name.startsWith(text),
  ];
  for (const way of ways) {
    const found = jobs.filter(way);
    if (found.length > 0) return found;
  }
  return [];
}
