import { join } from "node:path";
import { processSingleton } from "../process-singleton";
import { buildWheel } from "./wheel";

/** The Python SDK of this version as a wheel, built on the first request of this process. */
export async function pythonPackage(): Promise<Uint8Array<ArrayBuffer>> {
  const wheel = processSingleton("python-package", () => once(build));
  return (await wheel()).bytes;
}

function build() {
  // Next runs in the folder of the project.
  return buildWheel(join(process.cwd(), "sdk", "python"));
}

/** Shares the result of the first call, also while it runs; a failed one is tried again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => {
    result ??= work().catch((error) => {
      result = null;
      throw error;
    });
    return result;
  };
}
