// Preloaded into every service: when the supervisor is gone, its end of this pipe closes. Processes
// that a service starts inherit the preload, but not the supervisor.
if (process.ppid === Number(process.env.SIGNALBOX_SUPERVISOR)) followParent();

const graceMs = 10_000;

function followParent() {
  // Nobody reads the log any more: an error of writing it, logged in turn, would go on for ever.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  process.stdin.on("end", () => {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), graceMs).unref();
    process.kill(process.pid, "SIGTERM");
  });
  process.stdin.on("error", () => {});
  process.stdin.resume();
  process.stdin.unref?.();
}
