import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { freePort } from "./dashboard";

export const installed = (program: string) => spawnSync("which", [program]).status === 0;

/** An nginx in front of a port of this machine, with further directives of its location. */
export async function startNginx(
  target: number,
  directives = "",
): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-nginx-"));
  const port = await freePort();
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
     events {}
     http {
       access_log off;
       client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
       fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
       server {
         listen 127.0.0.1:${port};
         location / { proxy_pass http://127.0.0.1:${target}; ${directives} }
       }
     }`,
  );
  const nginx = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")]);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const exited = once(nginx, "exit");
    nginx.kill();
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  await expect(async () => {
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
  })
    .toPass()
    .catch(async (error: unknown) => {
      await stop();
      throw error;
    });
  return { url, stop };
}
