import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostCheck } from "./allowed-hosts.ts";
import { allowedMethods, readApiMethods } from "./api-methods.ts";
import { connections } from "./connection.ts";
import { createWebServer } from "./web-server.ts";

const routes = readApiMethods(resolve(import.meta.dirname, ".."));

describe("the methods of the API's routes", () => {
  it("are those that each route's file exports", () => {
    expect(allowedMethods(routes, "/api/health")).toEqual(["GET", "HEAD", "OPTIONS"]);
    expect(allowedMethods(routes, "/api/training/my-run")).toEqual([
      "DELETE",
      "GET",
      "HEAD",
      "OPTIONS",
      "PUT",
    ]);
    // A route that only re-exports another's.
    expect(allowedMethods(routes, "/api/learning/jobs/my-run")).toContain("GET");
  });

  it("take a fixed segment before a dynamic one", () => {
    expect(allowedMethods(routes, "/api/training/jobs")).toContain("POST");
    expect(allowedMethods(routes, "/api/training/local/metrics")).toContain("POST");
  });

  it("are unknown for what is no route", () => {
    expect(allowedMethods(routes, "/api/nothing/of/the/kind")).toBeNull();
    expect(allowedMethods(routes, "/api/health/")).toBeNull();
  });
});

describe("the web server", () => {
  let server: Server;
  let port: number;
  let handled: IncomingMessage[];

  beforeEach(async () => {
    handled = [];
    server = createWebServer({
      handle: async (request: IncomingMessage, response: ServerResponse) => {
        handled.push(request);
        response.end(String(connections.getStore()?.socket.remotePort));
      },
      routes,
      isAllowedHost: hostCheck({ url: "http://127.0.0.1:3000", listen: "127.0.0.1", extra: "" }),
      dev: false,
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  /** Sends bytes as they are, and returns everything until the server closes the connection. */
  async function raw(text: string): Promise<{ head: string; body: string; localPort: number }> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const localPort = socket.localPort ?? 0;
    socket.write(text);
    let all = "";
    for await (const chunk of socket) all += chunk;
    const [head = "", body = ""] = all.split("\r\n\r\n", 2);
    return { head, body, localPort };
  }
  const send = (method: string, path: string, host = "127.0.0.1:3000") =>
    raw(`${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  it("hands a request on, with the connection it came in on", async () => {
    const { head, body, localPort } = await send("GET", "/api/training/jobs?limit=1");
    expect(head).toContain("200 OK");
    expect(body).toContain(String(localPort));
    expect(handled[0]?.url).toBe("/api/training/jobs?limit=1");
  });

  it.each(["TRACE", "DELETE", "PROPFIND", "PATCH"])(
    "answers %s on a route without it with 405 and Allow",
    async (method) => {
      const { head, body } = await send(method, "/api/health");
      expect(head).toContain("405 Method Not Allowed");
      expect(head).toContain("Allow: GET, HEAD, OPTIONS");
      expect(JSON.parse(body).error).toMatchObject({ code: "method_not_allowed" });
      expect(handled).toHaveLength(0);
    },
  );

  it("answers TRACE on an unknown route and on a page, too", async () => {
    expect((await send("TRACE", "/api/nothing")).head).toContain("405");
    const page = await send("TRACE", "/runs");
    expect(page.head).toContain("405");
    expect(page.head).toContain("Allow: GET, HEAD");
    expect(page.head).toContain("text/plain");
  });

  it("answers an unknown method and broken HTTP in the contract's shape", async () => {
    const { head, body } = await send("FOO", "/api/health");
    expect(head).toContain("400 Bad Request");
    expect(JSON.parse(body).error.code).toBe("bad_request");
    expect((await raw("GET / HTTP/1.1\r\nBroken\r\n\r\n")).head).toContain("400");
    const large = await raw(`GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(70_000)}\r\n\r\n`);
    expect(large.head).toContain("431");
  });

  it.each(["/api/training/%", "/api/training/%E0%A4%A", "/api/training/%zz/x"])(
    "refuses the malformed percent-escape of %s",
    async (path) => {
      const { head, body } = await send("GET", path);
      expect(head).toContain("400 Bad Request");
      expect(JSON.parse(body).error).toMatchObject({ code: "bad_request" });
      expect(JSON.parse(body).error.request_id).toMatch(/^req_/);
      expect(handled).toHaveLength(0);
    },
  );

  it("refuses one in a page's path in words", async () => {
    const { head, body } = await send("GET", "/runs/%");
    expect(head).toContain("400 Bad Request");
    expect(body).toContain("malformed percent-escape");
  });

  it("takes an escaped slash for part of its segment, and leaves queries alone", async () => {
    expect((await send("GET", "/api/training/a%2Fb")).head).toContain("200");
    expect((await send("GET", "/api/training/jobs?q=%")).head).toContain("200");
  });

  it.each(["/api/training/jobs", "/runs", "/_next/static/x.js"])(
    "answers 421 on %s to a host name that is not its own",
    async (path) => {
      const { head, body } = await send("GET", path, "rebound.example:3000");
      expect(head).toContain("421 Misdirected Request");
      expect(body).toContain("SIGNALBOX_ALLOWED_HOSTS");
      expect(handled).toHaveLength(0);
    },
  );

  it("answers HEAD without a body", async () => {
    expect((await send("HEAD", "/runs", "rebound.example")).body).toBe("");
  });

  it("closes upgrades, which only the development server takes", async () => {
    const { head } = await raw(
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    expect(head).toBe("");
  });
});
