// Preloaded into every service, which exits when the supervisor's end of its standard input closes.
// A service's own child processes inherit the preload too, but ignore it.
if (process.ppid === Number(process.env.SIGNALBOX_SUPERVISOR)) followParent();

const graceMs = 10_000;

function followParent() {
  // The log's pipe is closed too: logging its write errors would loop forever.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  process.stdin.on("end", () => {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), graceMs).unref();
    process.kill(process.pid, "SIGTERM");
  });
  process.stdin.on("error", () => {});
  process.stdin.resume();
  process.stdin.unref?.();
}
