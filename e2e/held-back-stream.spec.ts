import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import type { Dashboard } from "./kit/dashboard";
import { installed, startNginx } from "./kit/nginx";
import { RunPage } from "./kit/run-page";
import { attachRun, expect, ingest, test } from "./kit/test";

/** A proxy that passes an answer on once it has the whole of it. */
async function startHoldingProxy(target: number) {
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request({ port: target, method, path: url, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.end(Buffer.concat(chunks));
      });
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const metric = (job_id: string, step: number) => ({
  job_id,
  metrics: [{ step, "train/loss": 1 / (step + 1) }],
});

test("behind a proxy that holds answers back the page shows new rows all the same, and says how", async ({
  dashboard,
  page,
}) => {
  const proxy = await startHoldingProxy(dashboard.port);
  try {
    const { run, post } = await openBehind(proxy.url, dashboard, page, "held-back");
    await run.expectConnection("polling", 60_000);
    await post(41);
    await run.expectStepBeyond(40);
    await page.locator('[data-connection="polling"]').first().hover();
    await expect(page.getByText(/holds the live stream back/).first()).toBeVisible();
  } finally {
    await proxy.stop();
  }
});

test("behind an nginx that buffers what it can the page is live", async ({ dashboard, page }) => {
  test.skip(!installed("nginx"), "nginx is not installed");
  const nginx = await startNginx(
    dashboard.port,
    "proxy_http_version 1.1; proxy_buffering on; proxy_ignore_headers X-Accel-Buffering; proxy_buffer_size 64k; proxy_buffers 8 64k;",
  );
  try {
    const { run, post } = await openBehind(nginx.url, dashboard, page, "buffered");
    await run.expectConnection("live");
    await post(41);
    await run.expectStepBeyond(40);
  } finally {
    await nginx.stop();
  }
});

/** Opens a running run's page through a proxy, and says how to post a step of it past the proxy. */
async function openBehind(url: string, dashboard: Dashboard, page: Page, id: string) {
  const token = await attachRun(dashboard, { job_id: id, name: id, status: "running" });
  const post = (step: number) => ingest(dashboard, token, "metrics", metric(id, step));
  await post(1);
  // The session's cookie counts for every port of this machine.
  await page.goto("/runs");
  await page.goto(`${url}/runs/${id}`);
  return { run: new RunPage(page), post };
}

test("seven windows of one browser all load and show new rows", async ({ dashboard, context }) => {
  const token = await attachRun(dashboard, {
    job_id: "windows",
    name: "Windows",
    status: "running",
  });
  await ingest(dashboard, token, "metrics", metric("windows", 1));
  const windows: RunPage[] = [];
  for (let n = 0; n < 7; n += 1) {
    const window = new RunPage(await context.newPage());
    await window.page.goto("/runs/windows");
    await expect(
      window.page.locator('[data-connection="live"], [data-connection="polling"]').first(),
    ).toBeVisible();
    windows.push(window);
  }
  await ingest(dashboard, token, "metrics", metric("windows", 41));
  for (const window of windows) await window.expectStepBeyond(40);

  const states = () =>
    Promise.all(
      windows.map(async ({ page }) =>
        page.locator("[data-connection]").first().getAttribute("data-connection"),
      ),
    );
  const before = await states();
  expect(before).toContain("polling");
  const live = before.indexOf("live");
  const waiting = before.indexOf("polling");
  await windows[live]?.page.close();
  await windows[waiting]?.expectConnection("live");
});
