import { join } from "node:path";
import { buildWheel, readProject, wheelName } from "./wheel";

/** Next runs in the folder of the project. */
const folder = () => join(process.cwd(), "sdk", "python");

/** The file name of the Python SDK that this dashboard hands out; pip reads the version from it. */
export async function pythonPackageName(): Promise<string> {
  return wheelName(await readProject(folder()));
}

/** The Python SDK of this version as a wheel. */
export async function pythonPackage(): Promise<Uint8Array<ArrayBuffer>> {
  return (await buildWheel(folder())).bytes;
}
