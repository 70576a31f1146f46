import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { installed, startNginx } from "./kit/nginx";
import { expect, test } from "./kit/test";

test("the owner's browser is signed in by the plain address", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/runs$/);
});

test.describe("whoever comes through something else is not the owner", () => {
  test("a TCP forwarder of the same user", async ({ dashboard, page }) => {
    const forwarder = createServer((near) => {
      const far = connect(dashboard.port, "127.0.0.1");
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) socket.on("error", () => socket.destroy());
    }).listen(0, "127.0.0.1");
    await once(forwarder, "listening");
    await page.goto(`http://127.0.0.1:${(forwarder.address() as AddressInfo).port}/runs`);
    await expect(page).toHaveURL(/\/sign-in/);
    await expect(page.getByText("npx signalbox open")).toBeVisible();
    await expect(page.getByRole("button", { name: /continue as/i })).toHaveCount(0);
    forwarder.close();
  });

  test("a bare nginx of the same user", async ({ dashboard, page }) => {
    test.skip(!installed("nginx"), "nginx is not installed");
    // Bare: it doesn't even say that it is one.
    const nginx = await startNginx(dashboard.port);
    try {
      await page.goto(`${nginx.url}/runs`);
      await expect(page).toHaveURL(/\/sign-in/);
      await expect(page.getByText("npx signalbox open")).toBeVisible();
    } finally {
      await nginx.stop();
    }
  });

  test("a browser of another user of this machine", async ({ dashboard }) => {
    const browser = process.env.PLAYWRIGHT_CHROMIUM || chromium.executablePath();
    const able = process.getuid?.() === 0 && installed("setpriv");
    test.skip(!able, "only root can run a browser as another user");
    const home = await mkdtemp(join(tmpdir(), "signalbox-nobody-"));
    execFileSync("chown", ["nobody", home]);
    const dump = (user: string[]) =>
      execFileSync(
        user[0] ?? "",
        [
          ...user.slice(1),
          browser,
          "--headless",
          "--no-sandbox",
          `--user-data-dir=${home}/${user.length}`,
          "--virtual-time-budget=8000",
          "--dump-dom",
          `${dashboard.url}/runs`,
        ],
        { env: { ...process.env, HOME: home }, encoding: "utf8", timeout: 60_000, stdio: "pipe" },
      );
    expect(dump(["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"])).toContain(
      "npx signalbox open",
    );
    expect(dump(["env"])).not.toContain("npx signalbox open");
    await rm(home, { recursive: true, force: true });
  });

  test("a program without a browser", async ({ dashboard }) => {
    const reply = await fetch(`${dashboard.url}/runs`, {
      redirect: "manual",
      headers: {
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Sec-Fetch-Site": "none",
      },
    });
    expect(reply.status).toBe(307);
    expect(reply.headers.get("location")).toContain("/sign-in");
  });

  test("another site's page", async ({ dashboard, page }) => {
    const cookies = () => page.context().cookies(dashboard.url);
    // Another port is another origin, and another name of this machine another site.
    await page.goto("about:blank");
    await page.setContent(
      `<iframe src="${dashboard.url}/runs"></iframe><img src="${dashboard.url}/runs">`,
      { waitUntil: "networkidle" },
    );
    expect(await cookies()).toEqual([]);
  });

  test("a page whose name resolves to this machine", async ({ dashboard }) => {
    const own = await chromium.launch({
      executablePath: process.env.PLAYWRIGHT_CHROMIUM || undefined,
      args: ["--no-sandbox", "--host-resolver-rules=MAP rebound.example 127.0.0.1"],
    });
    const page = await own.newPage();
    const reply = await page.goto(`http://rebound.example:${dashboard.port}/runs`);
    expect(reply?.status()).toBe(421);
    await expect(page.getByText("SIGNALBOX_ALLOWED_HOSTS")).toBeVisible();
    await own.close();
  });
});

test("the link that the start prints signs one browser in, once", async ({
  dashboard,
  browser,
}) => {
  const link = /http:\S+\/sign-in\/link#\w+/.exec(dashboard.output.join("\n"))?.[0] ?? "";
  const first = await browser.newContext();
  await first.addCookies([
    // As after signing out: no automatic sign-in.
    { name: "signalbox-signed-out", value: "1", url: dashboard.url },
  ]);
  const page = await first.newPage();
  await page.goto(`${dashboard.url}/runs`);
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto(link);
  await expect(page).toHaveURL(/\/runs$/);
  expect((await first.cookies()).map(({ name }) => name)).not.toContain("signalbox-signed-out");

  const second = await browser.newContext();
  const late = await second.newPage();
  await late.goto(link);
  await expect(late.getByText("This link no longer works")).toBeVisible();
  await expect(late.getByText("npx signalbox open")).toBeVisible();
  await Promise.all([first.close(), second.close()]);
});

test("a later start keeps the keys that the first one made", async ({ dashboard }) => {
  const files = () =>
    Promise.all(
      ["owner.json", "credentials.json"].map((name) =>
        readFile(join(dashboard.dataDir, name), "utf8"),
      ),
    );
  const before = await files();
  expect(before[0]).toMatch(/"admin_key": "sbx_/);
  await dashboard.end("SIGTERM");
  await dashboard.start();
  expect(await files()).toEqual(before);
});
