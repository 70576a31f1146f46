import { basename } from "node:path";
import { pythonPackagePath } from "@signalbox/protocol/service/sdk";
import { pythonPackage } from "@/lib/server/sdk/python-package";

/** Serves the Python SDK, so that `pip install` from the dashboard always matches its version. */
export async function GET(_request: Request, context: { params: Promise<{ file: string }> }) {
  const { file } = await context.params;
  const name = basename(pythonPackagePath);
  if (file !== name) return new Response(`There is ${name} here.\n`, { status: 404 });
  return new Response(await pythonPackage(), {
    headers: { "Content-Type": "application/zip", "Cache-Control": "no-cache" },
  });
}
