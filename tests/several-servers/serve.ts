/**
 * A web server's process: the dashboard's routes and background work, with settings from the
 * environment. Prints its address, as JSON. Vite loads the routes as vitest does.
 */
import { join } from "node:path";
import { createServer } from "vite";

const root = join(import.meta.dirname, "../..");
const vite = await createServer({
  root,
  configFile: false,
  logLevel: "error",
  appType: "custom",
  resolve: { alias: { "@": root } },
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
const { startServer } = await vite.ssrLoadModule("/tests/several-servers/server.ts");
console.log(JSON.stringify({ url: await startServer() }));
