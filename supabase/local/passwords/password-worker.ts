import { parentPort } from "node:worker_threads";
import bcrypt from "bcryptjs";
import type { Task } from "./password-pool.ts";

/** A thread that hashes and compares passwords, one after the other. */
parentPort?.on("message", (task: Task) => {
  parentPort?.postMessage(
    task.kind === "hash"
      ? bcrypt.hashSync(task.password, task.rounds)
      : bcrypt.compareSync(task.password, task.hash),
  );
});
