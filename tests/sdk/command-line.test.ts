import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../../sdk/typescript/src/cli/testing/run-here.ts";
import { type JobDriver, startWithOwner } from "../api/job-driver.ts";
import type { TestApi } from "../api/kit.ts";
import { findTomlPython, runPython } from "./run-python.ts";
import { type ServedApi, serveApi } from "./serve-api.ts";

const python = findTomlPython();
const packages: Record<string, typeof runHere> = {
  TypeScript: runHere,
  ...(python && { Python: (...of: Parameters<typeof runHere>) => runPython(python, ...of) }),
};

describe.each(Object.entries(packages))("signalbox train of %s, on a real dashboard", (_, run) => {
  let api: TestApi;
  let act: JobDriver;
  let served: ServedApi;
  let env: Record<string, string>;
  let folder: string;
  let config: string;
  let output: string;

  beforeAll(async () => {
    const owner = await startWithOwner({ engine: "pglite" });
    ({ api, act } = owner);
    served = await serveApi(api);
    env = { SIGNALBOX_URL: served.url, SIGNALBOX_API_KEY: owner.key };
    folder = mkdtempSync(join(tmpdir(), "signalbox-train-"));
    config = join(folder, "my_config.toml");
    output = join(folder, "training.jsonl");
    writeFileSync(config, 'name = "mine"\n');
  });
  afterAll(async () => {
    await served.close();
    await api.close();
    rmSync(folder, { recursive: true });
  });

  /** Runs a command line; the run that it starts emits one of each, then ends. */
  async function train(line: string, status: "succeeded" | "failed" = "succeeded") {
    const started = new Promise<string>((resolve) => {
      api.backend.override = ({ method, path, body }) => {
        if (method === "POST" && path === "/v1/jobs") resolve((body as { job_id: string }).job_id);
        return undefined;
      };
    });
    const words = line.replace("my_config.toml", config).replace("training.jsonl", output);
    const ending = run(
      words.split(/\s+/).map((word) => word.replaceAll('"', "")),
      env,
      folder,
    );
    const id = await started;
    await act.report(id, { status: "running" });
    const names = ["train/loss", "val/loss", "train/accuracy"];
    const points = names.map((name) => ({ name, step: 1, value: 0.5 }));
    await act.post("/api/training/local/metrics", { job_id: id, points });
    const types = ["sft.progress", "sft.validation.summary", "sft.other"];
    await act.post(act.local(id, "events"), { events: types.map((type) => ({ type })) });
    await act.post(act.local(id, "status"), { status, error: "out of memory" });
    return { id, ...(await ending) };
  }

  /** The messages printed, as `kind name`. */
  const shown = (out: string) =>
    out
      .trimEnd()
      .split("\n")
      .slice(1, -1)
      .map((line) => line.split(" ").slice(1).join(" "));

  it("--quiet prints the final status alone", async () => {
    for (const quiet of ["--quiet", "--format quiet", "--quiet --format quiet"]) {
      const ended = await train(`train --config my_config.toml ${quiet}`);
      expect(ended, quiet).toMatchObject({ code: 0, out: "succeeded\n", err: "" });
    }
    const failed = await train("train --config my_config.toml --quiet", "failed");
    expect(failed).toMatchObject({ code: 1, out: "failed\n", err: "" });
    const watched = await run(["watch", failed.id, "--quiet"], env, folder);
    expect(watched).toEqual({ code: 1, out: "failed\n", err: "" });
  });

  it("shows everything, and says at the end how the run ended", async () => {
    const { code, out, err } = await train("train --config my_config.toml --poll");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Started “mine”/);
    expect(out).toMatch(/\n✓ succeeded[^\n]*\n$/);
    expect(shown(out)).toEqual(
      expect.arrayContaining(["metrics val/loss 0.5 step 1", "events info sft.other"]),
    );
  });

  it("shows the streams that are chosen one by one", async () => {
    const { out } = await train(
      "train --config my_config.toml --format cli --stream status --stream events",
    );
    const kinds = new Set(shown(out).map((line) => line.split(" ")[0]));
    expect(kinds).toEqual(new Set(["status", "events"]));
  });

  it("filters events, and metrics by names with dots for slashes", async () => {
    const { out } = await train(
      "train --config my_config.toml --filter-events sft.progress --filter-metrics train.loss",
    );
    expect(shown(out).filter((line) => /^(events|metrics)/.test(line))).toEqual([
      "metrics train/loss 0.5 step 1",
      "events info sft.progress",
    ]);
  });

  it("writes JSON lines to a file, and to standard output", async () => {
    const { code, out } = await train(
      `train --config my_config.toml --stream events --stream metrics --format json
       --json-output training.jsonl --filter-events "sft.progress,sft.validation.summary"
       --filter-metrics "train.loss,val.loss"`,
    );
    const messages = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(messages.map(({ data }) => data.type ?? data.name).sort()).toEqual([
      "sft.progress",
      "sft.validation.summary",
      "train/loss",
      "val/loss",
    ]);
    expect({ code, file: readFileSync(output, "utf8") }).toEqual({ code: 0, file: out });
  });

  it("starts the kind of --type, else of the file, else sft", async () => {
    const kinds = api.backend;
    writeFileSync(join(folder, "rl.toml"), 'kind = "rl"\n');
    for (const [line, kind] of [
      ["train --config my_config.toml --no-poll --quiet", "sft"],
      [`train --config ${join(folder, "rl.toml")} --type sft --no-poll --quiet`, "sft"],
    ]) {
      kinds.forget();
      const ended = await run(
        (line ?? "").replace("my_config.toml", config).split(" "),
        env,
        folder,
      );
      expect(ended).toMatchObject({ code: 0, err: "" });
      const job = await api.call("GET", `/api/training/${ended.out.trim()}`, {
        key: env.SIGNALBOX_API_KEY,
      });
      expect(job.body).toMatchObject({ kind });
    }
    const refused = await run(["train", "--config", join(folder, "rl.toml")], env, folder);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("rl");
  });
});
