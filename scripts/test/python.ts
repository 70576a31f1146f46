import { spawnSync } from "node:child_process";

const oldest = [3, 9] as const;
const printVersion = "import sys; print(*sys.version_info[:2])";

/** A Python that runs the SDK: `SIGNALBOX_PYTHON`, else `python3` or `python` of 3.9 or newer; or null. */
export function findPython(): string | null {
  const chosen = process.env.SIGNALBOX_PYTHON;
  for (const command of chosen ? [chosen] : ["python3", "python"]) {
    const { status, stdout } = spawnSync(command, ["-c", printVersion], { encoding: "utf8" });
    const [major = 0, minor = 0] = (stdout ?? "").trim().split(" ").map(Number);
    if (status === 0 && major === oldest[0] && minor >= oldest[1]) return command;
  }
  return null;
}

/**
 * Runs the Python SDK's tests, or prints that they were skipped for lack of a Python.
 * @throws Error when a test failed
 */
export function testPython(folder: string): void {
  const python = findPython();
  if (!python) {
    console.log(
      `Skipped: no Python ${oldest.join(".")} or newer was found (see SIGNALBOX_PYTHON).`,
    );
    return;
  }
  const { status, signal } = spawnSync(
    python,
    ["-m", "unittest", "discover", "-s", "tests", "-t", "."],
    {
      cwd: folder,
      stdio: "inherit",
    },
  );
  if (status !== 0) throw new Error(`exited with ${signal ?? status}`);
}
