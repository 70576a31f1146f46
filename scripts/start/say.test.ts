import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";

it("outlives its output", async () => {
  const script = `
    import { outliveOutput, say } from ${JSON.stringify(join(import.meta.dirname, "say.ts"))};
    outliveOutput();
    say("first");
    process.stdin.once("data", () => {
      say("to nobody");
      console.error("to nobody");
      setTimeout(() => process.exit(7), 100);
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script]);
  const exit = once(child, "exit");
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.stderr.destroy();
  await Promise.all([once(child.stdout, "close"), once(child.stderr, "close")]);
  child.stdin.write("go");
  expect((await exit)[0]).toBe(7);
});
