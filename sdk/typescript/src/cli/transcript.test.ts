import { expect, it } from "vitest";
import { runHere } from "./testing/run-here.ts";

const commands =
  "train watch runs show logs metrics predictions pause resume stop checkpoint set open login doctor sync tensorboard backup restore";

/** Lines that need no dashboard, because something is wrong with them. */
const wrong = [
  "",
  "fly",
  "rusn",
  "stpo a",
  "help fly",
  "runs --fast",
  "runs --limt 3",
  "runs --json=3",
  "runs --limit",
  "runs --limit many",
  "runs -n5x",
  "runs a",
  "runs --where",
  "logs a -fn",
  "logs a -n 0",
  "watch",
  "watch a --stream gossip",
  "watch a --stream events,gossip",
  "watch --stream events a",
  "watch a --format loud",
  "watch a --quiet --format json",
  "watch a --sample-rate 2",
  "watch a --interval 0",
  "set a",
  "set a learning_rate",
  "pause a --mode nap",
  "pause a b",
  "predictions a --sort upwards",
  "predictions a --by scores.",
  "predictions a --where",
  "metrics a --from x",
  "open a b c",
  "train",
  "train --type sft",
  "train --fast",
  "train --config run.toml --type dpo",
  "train --config run.toml --quiet --format json",
  "login",
  "--url ftp://x runs",
  "runs --url ftp://x",
  "tensorboard",
  "show -x a",
  "backup",
  "restore",
  "restore a b",
  "restore nowhere.tar.gz",
];

/** Help and usage errors, as sdk/python compares its own with. `vitest -u` writes the file anew. */
it("says what the Python package says, word for word", async () => {
  const lines = [...commands.split(" ").map((name) => `${name} --help`), "--help", "--version"];
  let text = "";
  for (const line of [...lines, ...wrong]) {
    const args = line.split(" ").filter(Boolean);
    const { code, out, err } = await runHere(args);
    expect(out === "", line).toBe(code !== 0);
    text += `$ signalbox${line && ` ${line}`}\n${out}${err}→ ${code}\n`;
  }
  await expect(text).toMatchFileSnapshot("../../../fixtures/command-line.txt");
});
