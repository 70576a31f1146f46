import { parse } from "smol-toml";
import { claims, type Run } from "../tests/docs/claims";
import { type Snippet, snippetsOf } from "../tests/docs/snippets";
import type { Dashboard } from "./kit/dashboard";
import { DocsProject } from "./kit/docs-project";
import { expect, quickConfig, test } from "./kit/test";

const noPython = "There is no Python 3.9 or newer with venv here.";

interface Job {
  id: string;
  status: string;
}

let project: DocsProject | null = null;
let myRun: string | null = null;

test.beforeAll(async ({ dashboard }) => {
  project = await DocsProject.create(dashboard);
});
test.afterAll(async () => {
  await project?.remove();
});

async function read<T>(dashboard: Dashboard, path: string): Promise<T> {
  return (await (await dashboard.api("GET", path)).json()) as T;
}

/** The run that snippets call `my-run`, trained as long as it is needed; or ended. */
async function idOf(dashboard: Dashboard, needs: Run["needs"]): Promise<string> {
  if (!needs) return "";
  if (!myRun) {
    const config = { ...quickConfig, epochs: 500 };
    const reply = await dashboard.api("POST", "/api/training/jobs", {
      kind: "sft",
      name: "my-run",
      config,
    });
    myRun = ((await reply.json()) as Job).id;
  }
  const id = myRun;
  const status = async () => (await read<Job>(dashboard, `/api/training/${id}`)).status;
  const act = (action: string) =>
    dashboard.api("POST", `/api/training/local/${id}/control`, { action });
  if (needs === "live run") {
    if ((await status()) === "paused") await act("resume");
    await expect.poll(status).toBe("running");
  } else {
    if ((await status()) !== "cancelled") await act("stop");
    await expect.poll(status).toBe("cancelled");
  }
  return id;
}

async function expectApplied(dashboard: Dashboard, id: string, expected: string[]) {
  const path = `/api/training/local/${id}/commands?limit=${expected.length}`;
  const newest = async () => {
    const { commands } = await read<{ commands: Record<string, string>[] }>(dashboard, path);
    return commands.map(({ type, status }) => `${type} ${status}`);
  };
  await expect.poll(newest).toEqual(expected.map((type) => `${type} applied`));
}

function snippetOf(name: string): Snippet {
  const [, file = "", number = ""] = /^(.*) (\d+)$/.exec(name) ?? [];
  const found = snippetsOf(file).find((one) => one.number === Number(number));
  if (!found) throw new Error(`There is no snippet ${name}.`);
  return found;
}

for (const [name, claim] of Object.entries(claims)) {
  if ("by" in claim || "cannot" in claim) continue;
  test(`snippet ${name}`, async ({ dashboard }) => {
    test.skip(project === null, noPython);
    if (!project) return;
    const { module } = claim;
    if (module) test.skip(!project.has(module), `${module} is not installed.`);
    const snippet = snippetOf(name);
    const id = await idOf(dashboard, claim.needs);
    const code = await project.codeOf(snippet, claim, id);
    const printed = await project.run(snippet.language, code, claim);
    expect(printed.code, printed.output).toBe(0);
    if (claim.prints) expect(printed.output).toMatch(claim.prints);
    if (claim.applied) await expectApplied(dashboard, id, claim.applied);
  });
}

test("the run file of docs/cli.md starts a run with its settings", async ({ dashboard }) => {
  test.skip(project === null, noPython);
  if (!project) return;
  const { code } = snippetOf("docs/cli.md 2");
  const train = "signalbox train --config run.toml --type sft --no-poll";
  const started = await project.run("sh", train, {
    cli: "typescript",
    files: { "run.toml": code },
  });
  expect(started.code, started.output).toBe(0);
  const newest = "/api/training/jobs?q=first+try&limit=1";
  const [job] = (await read<{ jobs: Job[] }>(dashboard, newest)).jobs;
  expect(await read(dashboard, `/api/training/${job?.id}`)).toMatchObject(parse(code));
  await dashboard.api("POST", `/api/training/local/${job?.id}/control`, { action: "stop" });
});
