#!/usr/bin/env node
import { existsSync } from "node:fs";

// A published package holds `dist`; a clone runs its sources as they are.
const built = new URL("../dist/cli/main.js", import.meta.url);
const source = new URL("../src/cli/main.ts", import.meta.url);
await import(existsSync(built) ? built.href : source.href);
