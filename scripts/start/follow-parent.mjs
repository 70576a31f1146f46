// Preloaded into every service: when the supervisor is gone, its end of this pipe closes.
process.stdin.on("end", () => process.kill(process.pid, "SIGTERM"));
process.stdin.on("error", () => {});
process.stdin.resume();
process.stdin.unref?.();
