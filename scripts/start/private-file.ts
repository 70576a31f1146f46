import { constants } from "node:fs";
import { access, chmod, mkdir, rename, writeFile } from "node:fs/promises";

/**
 * Creates the folder if there is none, and takes other people's access to it away: another program
 * may have created it.
 * @throws Error with a sentence for the terminal if it cannot be written to
 */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot write to the data folder ${path} (${reason}). Make it writable, or set SIGNALBOX_DATA_DIR to another folder.`,
    );
  }
  await chmod(path, 0o700).catch((error: Error) => {
    console.error(`Other people on this machine may be able to read ${path}: ${error.message}`);
  });
}

/** Writes JSON that only this operating-system user can read, atomically. */
export async function writePrivateJson(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
}
