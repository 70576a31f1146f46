import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { strToU8, type Zippable, zipSync } from "fflate";
import { parse } from "smol-toml";
import { z } from "zod";

/** The same time in every wheel: equal sources give equal bytes. */
const mtime = "1980-01-01T12:00:00";

const pyprojectSchema = z.object({
  project: z.object({
    name: z.string(),
    version: z.string(),
    description: z.string(),
    "requires-python": z.string(),
    scripts: z.record(z.string(), z.string()).default({}),
  }),
});
type Project = z.infer<typeof pyprojectSchema>["project"];

/**
 * Packs the Python SDK as a wheel, without Python: a zip of its modules and what pip wants to know
 * of them (the format: packaging.python.org, "Binary distribution format").
 */
export async function buildWheel(
  folder: string,
): Promise<{ filename: string; bytes: Uint8Array<ArrayBuffer> }> {
  const project = await readProject(folder);
  const { name, version } = project;
  const files = new Map<string, Uint8Array>();
  const source = join(folder, "src");
  for (const path of await modulesIn(join(source, name), name)) {
    files.set(path, await readFile(join(source, path)));
  }
  const info = `${name}-${version}.dist-info`;
  files.set(`${info}/METADATA`, strToU8(metadata(project, await readme(folder))));
  files.set(
    `${info}/WHEEL`,
    strToU8("Wheel-Version: 1.0\nGenerator: signalbox\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
  );
  files.set(`${info}/entry_points.txt`, strToU8(entryPoints(project)));
  files.set(`${info}/RECORD`, strToU8(record(files, `${info}/RECORD`)));
  const zippable: Zippable = Object.fromEntries(files);
  return {
    filename: `${name}-${version}-py3-none-any.whl`,
    bytes: zipSync(zippable, { level: 9, mtime }),
  };
}

async function readProject(folder: string): Promise<Project> {
  const text = await readFile(join(folder, "pyproject.toml"), "utf8");
  return pyprojectSchema.parse(parse(text)).project;
}

function readme(folder: string): Promise<string> {
  return readFile(join(folder, "README.md"), "utf8");
}

async function modulesIn(folder: string, path: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await modulesIn(join(folder, entry.name), inner)));
    else if (/\.py$|^py\.typed$/.test(entry.name)) found.push(inner);
  }
  return found.sort();
}

function metadata(project: Project, description: string): string {
  return [
    "Metadata-Version: 2.1",
    `Name: ${project.name}`,
    `Version: ${project.version}`,
    `Summary: ${project.description}`,
    `Requires-Python: ${project["requires-python"]}`,
    "Description-Content-Type: text/markdown",
    "",
    description,
  ].join("\n");
}

function entryPoints({ scripts }: Project): string {
  const lines = Object.entries(scripts).map(([name, target]) => `${name} = ${target}`);
  return `[console_scripts]\n${lines.join("\n")}\n`;
}

/** Each file with its hash and size; the list itself comes without. */
function record(files: ReadonlyMap<string, Uint8Array>, self: string): string {
  const lines = [...files].map(([path, bytes]) => {
    const hash = createHash("sha256").update(bytes).digest("base64url");
    return `${path},sha256=${hash},${bytes.byteLength}`;
  });
  return `${[...lines, `${self},,`].join("\n")}\n`;
}
