import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { findPython } from "../scripts/test/python";
import type { Dashboard } from "./kit/dashboard";
import { expect, quickConfig, test } from "./kit/test";

const root = resolve(import.meta.dirname, "..");
const folderOfExamples = join(root, "e2e/design");
const noPython = "There is no Python 3.9 or newer here.";

/** Every command of the file, with what its comment says of it. */
const commandLines = readFileSync(join(folderOfExamples, "command_lines.sh"), "utf8")
  .split("\n\n")
  .map((block) => {
    const [comment = "", ...lines] = block.trim().split("\n");
    return { title: comment.replace("# ", ""), line: lines.join("\n") };
  });

/** A real training of two steps. */
const shortRun = `name = "from the design"
[config]
epochs = 1
steps_per_epoch = 2
batch_size = 8
width = 32
layers = 1
heads = 2
eval_samples = 8
warmup_steps = 1
`;

interface Result {
  status: string | null;
  called: string[];
  printed: string[];
  losses: [number, number][] | null;
}

interface Message {
  stream_type: string;
  data: { type?: string; name?: string };
}

test("the examples of the design follow a real run, as they were written", async ({
  dashboard,
}) => {
  const python = findPython();
  test.skip(python === null, noPython);
  if (!python) return;
  const config = { ...quickConfig, epochs: 3, steps_per_epoch: 20 };
  const started = await dashboard.api("POST", "/api/training/jobs", { kind: "sft", config });
  const { id } = (await started.json()) as { id: string };
  const folder = await mkdtemp(join(tmpdir(), "signalbox-design-"));
  try {
    const output = execFileSync(python, [join(folderOfExamples, "run_examples.py"), id], {
      cwd: folder,
      encoding: "utf8",
      env: { ...(await environment(dashboard)), PYTHONPATH: join(root, "sdk/python/src") },
    });
    const { results, lines } = JSON.parse(output) as {
      results: Record<string, Result>;
      lines: Message[];
    };
    const { callback, complete_session: session, ...others } = results;
    for (const [name, { status }] of Object.entries(others)) {
      expect([name, status]).toEqual([name, "succeeded"]);
    }
    for (const name of ["job_handle", "streamer_instead"]) {
      expect(results[name]?.called).toEqual(
        expect.arrayContaining(["sft.training.started", "sft.progress", "sft.loss", "train/loss"]),
      );
    }
    expect(callback?.printed.length).toBeGreaterThan(0);
    for (const line of callback?.printed ?? []) expect(line).toMatch(/^Loss: \d/);
    expect(session?.status).toBe("succeeded");
    expect(session?.printed[0]).toBe("Final status: succeeded");
    const steps = session?.losses?.map(([step]) => step) ?? [];
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(60);
    const kinds = new Set(lines.map(({ data }) => data.type ?? data.name ?? "status"));
    expect([...kinds].sort()).toEqual([
      "sft.loss",
      "sft.progress",
      "sft.validation.summary",
      "status",
      "train/loss",
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function environment(dashboard: Dashboard): Promise<NodeJS.ProcessEnv> {
  return {
    ...process.env,
    FORCE_COLOR: undefined,
    NO_COLOR: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    SIGNALBOX_URL: dashboard.url,
    SIGNALBOX_API_KEY: await dashboard.apiKey(),
  };
}

for (const language of ["TypeScript", "Python"] as const) {
  test(`the command lines of the design work with the ${language} package`, async ({
    dashboard,
  }) => {
    const python = findPython();
    test.skip(language === "Python" && python === null, noPython);
    const folder = await mkdtemp(join(tmpdir(), "signalbox-design-"));
    try {
      await writeFile(join(folder, "my_config.toml"), shortRun);
      const program =
        language === "TypeScript"
          ? `exec "${process.execPath}" "${join(root, "sdk/typescript/bin/signalbox.mjs")}" "$@"`
          : `exec "${python}" -m signalbox "$@"`;
      await writeFile(join(folder, "signalbox"), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
      await symlink(process.execPath, join(folder, "node"));
      const env = {
        ...(await environment(dashboard)),
        HOME: folder,
        PYTHONPATH: join(root, "sdk/python/src"),
        PATH: [folder, dirname(process.execPath), process.env.PATH].join(delimiter),
      };
      for (const { title, line } of commandLines) {
        await test.step(title, async () => {
          const shown = execFileSync("sh", ["-euc", line], { cwd: folder, encoding: "utf8", env });
          await expectShown(title, shown, folder);
        });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function expectShown(title: string, shown: string, folder: string) {
  const kindsOf = (text: string) => {
    const messages = text
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Message);
    return new Set(messages.map(({ data }) => data.type ?? data.name ?? "status"));
  };
  if (title.startsWith("Quiet")) {
    expect(shown.trim().split("\n")).toEqual([expect.stringContaining("succeeded")]);
    return;
  }
  if (title.startsWith("Custom")) {
    const kinds = [...kindsOf(shown)].filter((kind) => kind !== "status");
    expect(kinds.sort()).toEqual(["sft.progress", "sft.validation.summary", "train/loss"]);
    return;
  }
  if (title.startsWith("JSON")) {
    const written = kindsOf(await readFile(join(folder, "training.jsonl"), "utf8"));
    expect([...written]).toEqual(expect.arrayContaining(["status", "sft.loss", "train/loss"]));
    return;
  }
  if (title.startsWith("CLI")) expect(shown).not.toMatch(/metrics train\/loss/);
  if (title.startsWith("Filter")) expect(shown).not.toMatch(/learning_rate/);
  expect(shown).toMatch(/succeeded/);
}
