// `node scripts/run.mjs <file.ts> [args]`: installs missing packages, then runs the file on the
// pinned Node. Signals are forwarded to it.
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
  // A terminal's Ctrl-C already reaches the child; a second SIGINT would force it to exit.
  process.on(signal, () => signal !== "SIGINT" && child.kill(signal));
}
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
