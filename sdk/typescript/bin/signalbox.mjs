#!/usr/bin/env node
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`signalbox needs Node 22.18 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
// Compiling anew for each command would take most of its time.
nodeModule.enableCompileCache();

// A published package holds `dist`; a clone runs its sources as they are.
const built = new URL("../dist/cli/main.js", import.meta.url);
const source = new URL("../src/cli/main.ts", import.meta.url);
await import(existsSync(built) ? built.href : source.href);
