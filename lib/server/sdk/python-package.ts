import { join } from "node:path";
import { buildWheel } from "./wheel";

/** The Python SDK of this version as a wheel. */
export async function pythonPackage(): Promise<Uint8Array<ArrayBuffer>> {
  // Next runs in the folder of the project.
  return (await buildWheel(join(process.cwd(), "sdk", "python"))).bytes;
}
