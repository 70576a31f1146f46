import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runHere } from "./testing/run-here.ts";

describe("signalbox open", () => {
  let folder: string;
  let server: Server;
  let url: string;
  let requests: IncomingMessage[];

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(request);
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify({ url: `${url}/sign-in/link#token`, expires_at: "" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder = mkdtempSync(join(tmpdir(), "signalbox-open-"));
    mkdirSync(join(folder, ".signalbox"));
    write("credentials.json", { url, api_key: "sbx_programs" });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const write = (name: string, content: object) =>
    writeFileSync(join(folder, ".signalbox", name), JSON.stringify(content));

  it("makes a sign-in link with the owner's key where the dashboard was started", async () => {
    write("owner.json", { email: "owner@signalbox.local", password: "x", admin_key: "sbx_owner" });
    expect(await runHere(["open"], {}, folder)).toMatchObject({
      code: 0,
      out: `${url}/sign-in/link#token\n`,
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: "POST", url: "/api/auth/links" });
    expect(requests[0]?.headers["x-api-key"]).toBe("sbx_owner");
  });

  it("prints the dashboard's address where it can make no link", async () => {
    expect(await runHere(["open"], {}, folder)).toMatchObject({ code: 0, out: `${url}/runs\n` });
    write("owner.json", { email: "owner@signalbox.local", password: "x" });
    expect(await runHere(["open"], {}, folder)).toMatchObject({ code: 0, out: `${url}/runs\n` });
    expect(requests).toHaveLength(0);
  });

  it("sends the owner's key to the address of its own dashboard only", async () => {
    write("owner.json", { admin_key: "sbx_owner" });
    const env = { SIGNALBOX_URL: "http://127.0.0.1:1", SIGNALBOX_API_KEY: "sbx_other" };
    expect(await runHere(["open"], env, folder)).toMatchObject({
      code: 0,
      out: "http://127.0.0.1:1/runs\n",
    });
    expect(requests).toHaveLength(0);
  });
});
