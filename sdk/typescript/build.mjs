import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";

/*
 * Builds the package into `dist` (or the folder named): its own files, and under `protocol` those of
 * the private workspace that they import, so that the published package stands alone.
 */

const root = import.meta.dirname;
const out = resolve(process.argv[2] ?? join(root, "dist"));
const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");

const compiled = mkdtempSync(join(tmpdir(), "signalbox-build-"));
try {
  const project = join(root, "tsconfig.build.json");
  execFileSync(process.execPath, [tsc, "-p", project, "--outDir", compiled], { stdio: "inherit" });
  rmSync(out, { recursive: true, force: true });
  cpSync(join(compiled, "sdk/typescript/src"), out, { recursive: true });
  cpSync(join(compiled, "protocol/src"), join(out, "protocol"), { recursive: true });
} finally {
  rmSync(compiled, { recursive: true });
}

for (const name of readdirSync(out, { recursive: true, encoding: "utf8" })) {
  if (!/\.(js|d\.ts)$/.test(name)) continue;
  const file = join(out, name);
  const protocol = relative(dirname(file), join(out, "protocol")).split(sep).join("/");
  const folder = protocol.startsWith(".") ? protocol : `./${protocol}`;
  const text = readFileSync(file, "utf8")
    .replace(/"@signalbox\/protocol\/([\w/-]+)"/g, `"${folder}/$1.js"`)
    // The compiler rewrites these in JavaScript only.
    .replace(/(from |import\()"(\.[\w./-]+)\.ts"/g, '$1"$2.js"');
  writeFileSync(file, text);
}
