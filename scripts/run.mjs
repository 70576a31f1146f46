// `node scripts/run.mjs <file.ts> [args]`: installs what is missing, then runs the file on the
// pinned Node. Signals go to the file, which decides what a stop means.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, pinnedNode, root } from "./install.mjs";

ensureInstalled();
const [file, ...args] = process.argv.slice(2);
const child = spawn(
  pinnedNode,
  ["--disable-warning=ExperimentalWarning", join(root, file), ...args],
  { cwd: root, stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  // A terminal's Ctrl-C reaches the child by itself; a second SIGINT would mean "at once".
  process.on(signal, () => signal !== "SIGINT" && child.kill(signal));
}
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
