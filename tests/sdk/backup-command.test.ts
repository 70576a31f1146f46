import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPython } from "../../scripts/test/python.ts";
import { runHere } from "../../sdk/typescript/src/cli/testing/run-here.ts";
import { readArchive, unpackArchive } from "../../supabase/local/backup/archive.ts";
import { expectRefusal, startApi, type TestApi } from "../api/kit.ts";
import { runPython } from "./run-python.ts";
import { type ServedApi, serveApi } from "./serve-api.ts";

const python = findPython();
const packages: Record<string, typeof runHere> = {
  TypeScript: runHere,
  ...(python && { Python: (...of: Parameters<typeof runHere>) => runPython(python, ...of) }),
};
const archives = join(import.meta.dirname, "../data-folders");
const route = "/api/settings/backup";

describe("signalbox backup, on a real dashboard", () => {
  let root: string;
  let api: TestApi;
  let served: ServedApi;
  let key: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "signalbox-test-"));
    const dataDir = join(root, "data");
    const names = (await readdir(archives)).filter((name) => name.endsWith(".tar.zst"));
    await unpackArchive(join(archives, names.sort().at(-1) ?? ""), dataDir);
    const owner = JSON.parse(await readFile(join(dataDir, "owner.json"), "utf8")) as {
      email: string;
      password: string;
      admin_key: string;
    };
    Object.assign(process.env, {
      SIGNALBOX_OWNER_EMAIL: owner.email,
      SIGNALBOX_OWNER_PASSWORD: owner.password,
    });
    key = owner.admin_key;
    api = await startApi({ dataDir });
    served = await serveApi(api);
  }, 120_000);
  afterAll(async () => {
    await served.close();
    await api.close();
    await rm(root, { recursive: true, force: true });
  });

  it.each(Object.entries(packages))(
    "of %s writes a whole backup that only this user can read, and replaces no file",
    async (name, run) => {
      const file = join(root, `${name}.tar.gz`);
      const env = { SIGNALBOX_URL: served.url, SIGNALBOX_API_KEY: key };
      const made = await run(["backup", file], env, root);
      expect(made).toMatchObject({ code: 0, out: expect.stringContaining(" MB") });
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const { files } = await readArchive(file);
      expect(Object.keys(files)).toContain("data/owner.json");
      const again = await run(["backup", file], env, root);
      expect(again).toMatchObject({ code: 1, err: expect.stringContaining("exists") });
      expect((await readdir(root)).filter((each) => each.endsWith(".part"))).toEqual([]);
    },
    120_000,
  );

  it.each(Object.entries(packages))("of %s says who may, and leaves no file", async (name, run) => {
    const file = join(root, `refused-${name}.tar.gz`);
    const stranger = await api.makeKey(await api.signUp(`stranger-${name.toLowerCase()}`));
    const env = { SIGNALBOX_URL: served.url, SIGNALBOX_API_KEY: stranger };
    const refused = await run(["backup", file], env, root);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining("Only the local owner"),
    });
    await expect(stat(file)).rejects.toThrow("ENOENT");
    expectRefusal(await api.call("POST", route, { key: stranger }), 403);
  });

  it("is refused with a Supabase of one's own, and says what to use", async () => {
    const { SIGNALBOX_OWNER_EMAIL } = process.env;
    delete process.env.SIGNALBOX_OWNER_EMAIL;
    api.useBackend(api.backend.url, api.backend.token);
    const reply = await api.call("POST", route, { key });
    expectRefusal(reply, 422);
    expect(reply.text).toContain("pg_dump");
    process.env.SIGNALBOX_OWNER_EMAIL = SIGNALBOX_OWNER_EMAIL;
    api.useBackend(api.backend.url, api.backend.token);
  });
});
