import type { NamedTest } from "./named-tests.ts";

/** Run by `e2e/docs.spec.ts`, in the order of this list. */
export interface Run {
  /** What has to be there: a run that a trainer works on, named `my-run`; or that run, ended. */
  needs?: "live run" | "ended run";
  /** Earlier snippets of the same document that it continues. */
  after?: number[];
  /** Texts that are another here: addresses, keys, ids. `{id}` is the id of `my-run`. */
  replace?: Record<string, string>;
  /** Whose `signalbox` is on the path; without, the one of the Python package. */
  cli?: "typescript";
  /** Files that it takes for granted. */
  files?: Record<string, string>;
  /** What is written to its input. */
  input?: string;
  /** A Python module without which it is skipped. */
  module?: string;
  /** What it must print. */
  prints?: RegExp;
  /** The commands that `my-run` must have applied in the end, the newest first. */
  applied?: string[];
}

export type Claim = Run | { by: NamedTest } | { cannot: string };

/** The address of a dashboard that is already set by the runner. */
const address = { "http://127.0.0.1:3000": "{url}" };
const myRun = { '"my-run': '"{id}' };
const answered = /^applied \d+/m;

/** A run of seconds, in the words of docs/cli.md. */
const quickRun = `name = "first try"
tags = ["g2p"]
[config]
epochs = 2
learning_rate = 3e-3
steps_per_epoch = 5
batch_size = 8
width = 32
layers = 1
heads = 2
eval_samples = 8
warmup_steps = 2
`;

/** Which test runs each snippet, by document and number: first what needs `my-run` live, then ended. */
export const claims: Record<string, Claim> = {
  "README.md 1": { cannot: "They start the dashboard and the tests that would run them." },
  "README.md 2": { replace: address },
  "README.md 3": {},
  "README.md 4": {
    needs: "live run",
    files: { "run.toml": quickRun },
    prints: /✓ .* applied at step/,
  },
  "docs/attach-a-script.md 1": { replace: address },
  "docs/attach-a-script.md 2": {},
  "docs/attach-a-script.md 3": {},
  "docs/attach-a-script.md 4": {},
  "docs/attach-a-script.md 5": {},
  "docs/attach-a-script.md 6": {},
  "docs/attach-a-script.md 7": {},
  "docs/attach-a-script.md 8": {},
  "docs/hugging-face.md 1": { replace: address },
  "docs/hugging-face.md 2": { module: "transformers" },
  "docs/report-over-http.md 1": {
    replace: { ...address, "sbx_…": "{key}" },
    prints: /"success":true/,
  },
  "docs/cli.md 1": {
    needs: "live run",
    cli: "typescript",
    files: { "run.toml": quickRun },
    input: "{key}\n",
    prints: /✓ .*learning_rate[\s\S]*✓ pause applied[\s\S]*✓ resume applied/,
  },
  "docs/cli.md 2": {
    by: {
      file: "e2e/docs.spec.ts",
      title: "the run file of docs/cli.md starts a run with its settings",
    },
  },
  "docs/control-from-code.md 2": { needs: "live run", replace: myRun, prints: answered },
  "docs/control-from-code.md 3": { needs: "live run", replace: myRun, prints: answered },
  "docs/control-from-code.md 4": { needs: "live run", replace: myRun, prints: answered },
  "docs/control-from-code.md 5": { needs: "live run", replace: myRun, prints: answered },
  "sdk/python/README.md 6": {
    needs: "live run",
    files: { "run.toml": quickRun, "logs/.empty": "" },
    // It would follow the folder for good.
    replace: { "tensorboard logs": "tensorboard logs --once" },
    input: "{key}\n",
    prints: /✓ pause applied[\s\S]*✓ resume applied/,
  },
  "docs/control-from-code.md 1": {
    needs: "live run",
    replace: { ...address, "sbx_…": "{key}", "local/my-run": "local/{id}" },
    applied: ["pause", "update_params"],
  },
  "docs/stream-protocol.md 1": {
    needs: "ended run",
    replace: { "jobs/my-run": "jobs/{id}" },
    prints: /event: snapshot\n[\s\S]*event: end\ndata: \{"status":"cancelled"/,
  },
  "sdk/python/README.md 1": { replace: address },
  "sdk/python/README.md 2": {},
  "sdk/python/README.md 3": { prints: /succeeded/ },
  "sdk/python/README.md 4": { prints: /succeeded/ },
  "sdk/python/README.md 5": { prints: /succeeded/ },
  "sdk/typescript/README.md 1": {
    by: { file: "tests/sdk/package.test.ts", title: "offers what its sources do, installed alone" },
  },
  "sdk/typescript/README.md 2": {},
  "sdk/typescript/README.md 3": { after: [2], prints: /applied at step \d+[\s\S]*succeeded/ },
  "sdk/typescript/README.md 4": { after: [2] },
  "sdk/typescript/README.md 5": { needs: "ended run", replace: myRun, prints: /status/ },
};
