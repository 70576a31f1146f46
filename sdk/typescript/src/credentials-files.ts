import { realpathSync, type Stats, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** Where settings are searched; tests inject their own. */
export interface Environment {
  env: Record<string, string | undefined>;
  cwd: string;
  home: string;
  /** The operating-system user; undefined where there are none (Windows). */
  uid?: number | undefined;
}

export function processEnvironment(): Environment {
  return { env: process.env, cwd: process.cwd(), home: homedir(), uid: process.getuid?.() };
}

/** The credentials files that exist, in the order in which they are searched. */
export function credentialsFiles(environment: Environment): string[] {
  const name = "credentials.json";
  const dataDir = environment.env.SIGNALBOX_DATA_DIR;
  const candidates = [
    ...(dataDir ? [resolve(environment.cwd, dataDir, name)] : []),
    ...searchedFolders(environment).map((folder) => join(folder, ".signalbox", name)),
    join(environment.home, ".signalbox", name),
  ];
  return [...new Set(candidates)].filter((path) => statOf(path) !== null);
}

/**
 * The current folder and those above it: up to the home folder, or to the end of the file system
 * outside of it. Further up are folders that other people can write, such as the temporary one.
 */
function searchedFolders({ cwd, home }: Environment): string[] {
  const folders: string[] = [];
  const device = statOf(cwd)?.dev;
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (statOf(folder)?.dev !== device) break;
    folders.push(folder);
    if (folder === realOf(home) || dirname(folder) === folder) break;
  }
  return folders;
}

/**
 * Why a credentials file is not to be believed, in words; null if it is. Whoever can write it decides
 * where a program sends its data, and with which key.
 */
export function whyNotTrusted(path: string, { uid }: Environment): string | null {
  if (uid === undefined) return null;
  for (const place of [path, dirname(path)]) {
    const found = statOf(place);
    if (!found) return null;
    if (found.uid !== uid && found.uid !== 0) {
      return `${place} belongs to another user (${found.uid}), so ${path} is ignored.`;
    }
    if ((found.mode & 0o022) !== 0) {
      return `Others can write ${place}, so ${path} is ignored. If it is yours: chmod go-w ${place}`;
    }
  }
  return null;
}

/** The working directory is given without links, the home folder may be one. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}
