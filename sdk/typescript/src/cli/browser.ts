import { spawn } from "node:child_process";

/** The program that opens an address, as this system has it; `BROWSER` names another. */
function opener(env: Record<string, string | undefined>): [string, ...string[]] {
  if (env.BROWSER) return [env.BROWSER];
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return ["xdg-open"];
}

/** Opens an address in the person's browser; false if no program for it starts. */
export function openInBrowser(
  url: string,
  env: Record<string, string | undefined>,
): Promise<boolean> {
  const [program, ...args] = opener(env);
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
