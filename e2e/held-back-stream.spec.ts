import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
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

const metric = (step: number) => ({
  metrics: [{ step, values: { "train/loss": 1 / (step + 1) } }],
});

const proxies = [
  { name: "a proxy that holds every answer back", start: startHoldingProxy },
  {
    name: "an nginx that buffers streams",
    start: (target: number) =>
      startNginx(
        target,
        "proxy_http_version 1.1; proxy_buffering on; proxy_ignore_headers X-Accel-Buffering; proxy_buffer_size 64k; proxy_buffers 8 64k;",
      ),
  },
];

for (const [n, { name, start }] of proxies.entries()) {
  test(`behind ${name} the page shows new rows all the same, and says how`, async ({
    dashboard,
    page,
  }) => {
    test.skip(name.includes("nginx") && !installed("nginx"), "nginx is not installed");
    const id = `held-back-${n}`;
    const token = await attachRun(dashboard, { job_id: id, name: "Held back", status: "running" });
    await ingest(dashboard, token, `${id}/metrics`, metric(1));
    // The session's cookie counts for every port of this machine.
    await page.goto("/runs");
    const proxy = await start(dashboard.port);
    try {
      await page.goto(`${proxy.url}/runs/${id}`);
      const run = new RunPage(page);
      await run.expectConnection("polling", 60_000);
      await ingest(dashboard, token, `${id}/metrics`, metric(41));
      await run.expectStepBeyond(40);
      await page.locator('[data-connection="polling"]').first().hover();
      await expect(page.getByText(/holds the live stream back/).first()).toBeVisible();
    } finally {
      await proxy.stop();
    }
  });
}

test("seven windows of one browser all load and show new rows", async ({ dashboard, context }) => {
  const token = await attachRun(dashboard, {
    job_id: "windows",
    name: "Windows",
    status: "running",
  });
  await ingest(dashboard, token, "windows/metrics", metric(1));
  const windows: RunPage[] = [];
  for (let n = 0; n < 7; n += 1) {
    const window = new RunPage(await context.newPage());
    await window.page.goto("/runs/windows");
    await expect(
      window.page.locator('[data-connection="live"], [data-connection="polling"]').first(),
    ).toBeVisible();
    windows.push(window);
  }
  await ingest(dashboard, token, "windows/metrics", metric(41));
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
