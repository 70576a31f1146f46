import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";

it("outlives the other end of the pipe that took its output", async () => {
  const script = `
    import { outliveOutput, say } from ${JSON.stringify(join(import.meta.dirname, "say.ts"))};
    outliveOutput();
    let lines = 0;
    setInterval(() => {
      say("line");
      lines += 1;
      if (lines === 20) process.exit(7);
    }, 20);`;
  const pipeline = '{ "$0" --input-type=module --eval "$1"; echo "exit $?" >&2; } | head -n 1';
  const child = spawn("/bin/sh", ["-c", pipeline, process.execPath, script]);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child, "close");
  expect(said).toContain("exit 7");
});

it.skipIf(process.platform !== "linux")("outlives a full disk under its output", async () => {
  const script = `
    import { outliveOutput, say } from ${JSON.stringify(join(import.meta.dirname, "say.ts"))};
    outliveOutput();
    say("line");
    console.error("line");
    setTimeout(() => process.exit(7), 50);`;
  const command = '"$0" --input-type=module --eval "$1" >/dev/full 2>/dev/full';
  const child = spawn("/bin/sh", ["-c", command, process.execPath, script]);
  expect(await once(child, "close")).toEqual([7, null]);
});
