import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../api/kit.ts";
import { type ServedApi, serveApi } from "../sdk/serve-api.ts";
import { finetuneLabDashboard } from "./clients/finetune-lab-dashboard.ts";
import { finetuneLabPython } from "./clients/finetune-lab-python.ts";
import { finetuneLabTrainers } from "./clients/finetune-lab-trainers.ts";
import { finetuneLabTypeScript } from "./clients/finetune-lab-typescript.ts";
import { synthPolling } from "./clients/synth-polling.ts";
import { synthStreaming } from "./clients/synth-streaming.ts";
import type { Dashboard } from "./dashboard.ts";
import type { Client, Row } from "./row.ts";
import { compatibilityPage, type Outcome } from "./table.ts";

const clients: Client[] = [
  finetuneLabPython,
  finetuneLabTypeScript,
  finetuneLabDashboard,
  finetuneLabTrainers,
  synthPolling,
  synthStreaming,
];

/** The rows that a script runs with the package: `@row("…")`. */
function rowsOf(script: string): string[] {
  const text = readFileSync(join(import.meta.dirname, "packages", script), "utf8");
  return [...text.matchAll(/^@row\("(.+)"\)$/gm)].map(([, method = ""]) => method);
}

describe("other clients", () => {
  let api: TestApi;
  let served: ServedApi;
  let dashboard: Dashboard;
  const outcomes = new Map<Row, Outcome>();

  beforeAll(async () => {
    api = await startApi();
    served = await serveApi(api);
    const user = await api.signUp("a");
    dashboard = {
      url: served.url,
      apiKey: await api.makeKey(user),
      userToken: user.accessToken,
    };
  });
  afterAll(async () => {
    await served.close();
    await api.close();
  });

  describe.each(clients)("$name $version", ({ rows, script }) => {
    it.each(rows.filter(({ check }) => check))("$method", async (row) => {
      outcomes.set(row, { works: false, why: "Its test fails." });
      await row.check?.(dashboard);
      outcomes.set(row, { works: true });
    });

    it.each(rows.filter(({ not }) => not))("$method is not served", async (row) => {
      const [method = "", path = ""] = row.request.split(" ");
      const headers = { "X-API-Key": dashboard.apiKey };
      const { status } = await fetch(dashboard.url + path.replace("{id}", "x"), {
        method,
        headers,
      });
      expect([404, 405]).toContain(status);
      outcomes.set(row, { works: false, why: row.not ?? "" });
    });

    it.runIf(script)("its package runs rows of this table", () => {
      const checked = rows.filter(({ check }) => check).map(({ method }) => method);
      expect(checked).toEqual(expect.arrayContaining(rowsOf(script ?? "")));
    });
  });

  it("are listed in docs/compatibility.md with what was found", async () => {
    const page = compatibilityPage(
      clients,
      (_, row) => outcomes.get(row) ?? { works: false, why: "Its test did not run." },
      ({ script }, { method }) => script !== undefined && rowsOf(script).includes(method),
    );
    await expect(page).toMatchFileSnapshot("../../docs/compatibility.md");
  });
});
