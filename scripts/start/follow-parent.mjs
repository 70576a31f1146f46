// Preloaded into every service: when the supervisor is gone, its end of this pipe closes. Processes
// that a service starts inherit the preload, but not the supervisor.
if (process.ppid === Number(process.env.SIGNALBOX_SUPERVISOR)) followParent();

function followParent() {
  process.stdin.on("end", () => process.kill(process.pid, "SIGTERM"));
  process.stdin.on("error", () => {});
  process.stdin.resume();
  process.stdin.unref?.();
}
