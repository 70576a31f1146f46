import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type MigrationLock, parseLock } from "./migration-lock.ts";

const run = promisify(execFile);
const lockFile = "supabase/migrations.lock.json";

/**
 * The migrations of the last release, by the newest tag `v…` that the checkout builds on.
 * @returns `reason` in words where there is none to compare with
 */
export async function releasedLock(
  repository: string,
): Promise<{ lock: MigrationLock; tag: string } | { lock?: undefined; reason: string }> {
  const git = async (...args: string[]) =>
    (
      await run("git", args, { cwd: repository, env: { ...process.env, LC_ALL: "C" } })
    ).stdout.trim();
  try {
    const tags = await git("tag", "--list", "v*", "--merged", "HEAD", "--sort=-v:refname");
    const [tag] = tags.split("\n");
    if (tag) return { tag, lock: parseLock(await git("show", `${tag}:${lockFile}`)) };
    const shallow = (await git("rev-parse", "--is-shallow-repository")) === "true";
    return {
      reason: shallow
        ? "Not compared with the last release: this is a shallow clone without its tag. Fetch it with `git fetch --unshallow --tags`."
        : "Not compared with the last release: no tag v… is there yet.",
    };
  } catch (error) {
    const text = error instanceof Error ? error.message.trim() : String(error);
    return { reason: `Not compared with the last release: ${text}` };
  }
}
