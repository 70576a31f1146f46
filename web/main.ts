/** Entry of the web server: Next behind a gate that refuses what Next would answer badly. */

import { resolve } from "node:path";
import next from "next";
import { hostCheck } from "./allowed-hosts.ts";
import { readApiMethods } from "./api-methods.ts";
import { readWebSettings } from "./settings.ts";
import { createWebServer } from "./web-server.ts";

const root = resolve(import.meta.dirname, "..");
/** Open requests get this long to finish, before their connections are closed. */
const graceMs = 3_000;

async function main(): Promise<void> {
  const { HOST, PORT, SIGNALBOX_URL, SIGNALBOX_ALLOWED_HOSTS, SIGNALBOX_TRUSTED_PROXIES } =
    readWebSettings(process.env);
  const dev = process.env.NODE_ENV === "development";
  const app = next({ dev, turbopack: dev, dir: root, hostname: HOST, port: PORT });
  await app.prepare();
  const server = createWebServer({
    handle: app.getRequestHandler(),
    upgrade: dev ? app.getUpgradeHandler() : undefined,
    routes: readApiMethods(root),
    isAllowedHost: hostCheck({
      url: SIGNALBOX_URL,
      listen: HOST,
      extra: SIGNALBOX_ALLOWED_HOSTS,
    }),
    trustedProxies: SIGNALBOX_TRUSTED_PROXIES,
    dev,
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      server.close(() => process.exit(0));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), graceMs).unref();
    });
  }
  server.on("error", (error) => {
    console.error(`The web server cannot listen on ${HOST}:${PORT}: ${error.message}`);
    process.exit(1);
  });
  server.listen(PORT, HOST);
}

void main().catch((error) => {
  console.error(error);
  process.exit(1);
});
