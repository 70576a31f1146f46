import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Environment } from "./credentials-files.ts";
import { findCredentialsFile, resolveSettings } from "./settings.ts";

describe("settings", () => {
  let root: string;
  let environment: Environment;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "signalbox-sdk-"));
    mkdirSync(join(root, "project/deep/er"), { recursive: true });
    mkdirSync(join(root, "home"));
    const uid = process.getuid?.();
    environment = { env: {}, cwd: join(root, "project/deep/er"), home: join(root, "home"), uid };
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function credentials(folder: string, url: string, api_key = "sbx_file") {
    const path = join(root, folder);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "credentials.json"), JSON.stringify({ url, api_key }));
  }

  it("come from the options before the environment before the file", () => {
    credentials("project/.signalbox", "http://file:1");
    const file = join(root, "project/.signalbox/credentials.json");
    const found = { baseUrl: "http://file:1", apiKey: "sbx_file", file };
    expect(resolveSettings({}, environment)).toEqual(found);
    environment.env = { SIGNALBOX_URL: "http://env:2", SIGNALBOX_API_KEY: "sbx_env" };
    expect(resolveSettings({}, environment)).toEqual({
      baseUrl: "http://env:2",
      apiKey: "sbx_env",
      file: null,
    });
    const given = { baseUrl: "http://given:3/box/", apiKey: "sbx_given" };
    const want = { baseUrl: "http://given:3/box", apiKey: "sbx_given", file: null };
    expect(resolveSettings(given, environment)).toEqual(want);
  });

  it("are found in the nearest folder above, then at home", () => {
    credentials("home/.signalbox", "http://home:1");
    expect(resolveSettings({}, environment).baseUrl).toBe("http://home:1");
    credentials("project/.signalbox", "http://far:1");
    expect(resolveSettings({}, environment).baseUrl).toBe("http://far:1");
    credentials("project/deep/.signalbox", "http://near:1");
    expect(resolveSettings({}, environment).baseUrl).toBe("http://near:1");
    credentials("data", "http://data:1");
    environment.env = { SIGNALBOX_DATA_DIR: join(root, "data") };
    expect(resolveSettings({}, environment).baseUrl).toBe("http://data:1");
    environment.env = { SIGNALBOX_DATA_DIR: join(root, "nowhere") };
    expect(resolveSettings({}, environment).baseUrl).toBe("http://near:1");
  });

  it("never send a file's key to another address", () => {
    credentials("project/.signalbox", "http://file:1/");
    expect(resolveSettings({ baseUrl: "http://other:1" }, environment).apiKey).toBeNull();
    expect(resolveSettings({ baseUrl: "http://file:1" }, environment).apiKey).toBe("sbx_file");
    credentials("home/.signalbox", "http://other:1", "sbx_home");
    expect(resolveSettings({ baseUrl: "http://other:1" }, environment).apiKey).toBe("sbx_home");
  });

  it("do not need a file when everything is given", () => {
    mkdirSync(join(root, "project/.signalbox"));
    writeFileSync(join(root, "project/.signalbox/credentials.json"), "{broken");
    const given = { baseUrl: "http://given:1", apiKey: "sbx_given" };
    expect(resolveSettings(given, environment)).toEqual({ ...given, file: null });
    expect(() => resolveSettings({}, environment)).toThrow(
      /credentials\.json cannot be read as JSON/,
    );
    credentials("home/.signalbox", "http://home:1");
    expect(resolveSettings({}, environment).baseUrl).toBe("http://home:1");
  });

  it("say what is missing or wrong", () => {
    expect(() => resolveSettings({}, environment)).toThrow(/set SIGNALBOX_URL/);
    expect(() => resolveSettings({ baseUrl: "ftp://x", apiKey: "k" }, environment)).toThrow(
      /not an http/,
    );
    expect(() => resolveSettings({ baseUrl: "127.0.0.1:3000" }, environment)).toThrow(
      /not an http/,
    );
    expect(() => resolveSettings({ baseUrl: "http://me:pw@x", apiKey: "k" }, environment)).toThrow(
      /user or password/,
    );
    mkdirSync(join(root, "project/.signalbox"));
    writeFileSync(join(root, "project/.signalbox/credentials.json"), '{"url": 1}');
    expect(() => resolveSettings({}, environment)).toThrow(/must contain/);
  });

  const withUsers = process.getuid !== undefined;

  it.runIf(withUsers)("are not taken from a file that others can write, and say so", () => {
    credentials("project/.signalbox", "http://evil:1");
    const folder = join(root, "project/.signalbox");
    for (const path of [join(folder, "credentials.json"), folder]) {
      const kept = statSync(path).mode;
      for (const mode of [0o666, 0o664, 0o777]) {
        chmodSync(path, mode);
        expect(() => resolveSettings({}, environment)).toThrow(
          new RegExp(`Others can write ${path},.*chmod go-w`),
        );
        expect(findCredentialsFile(environment)).toBeNull();
      }
      chmodSync(path, kept);
      expect(resolveSettings({}, environment).baseUrl).toBe("http://evil:1");
    }
  });

  it.runIf(withUsers)("are not taken from another user's file, and say so", () => {
    credentials("project/.signalbox", "http://evil:1");
    const uid = statSync(root).uid;
    // Root's own files are believed by everybody, so root gives this one away.
    if (uid === 0) chownSync(join(root, "project/.signalbox/credentials.json"), 4321, 4321);
    else environment.uid = uid + 1;
    expect(() => resolveSettings({}, environment)).toThrow(/belongs to another user \(\d+\)/);
  });

  it("are not searched above the home folder", () => {
    credentials(".signalbox", "http://above:1");
    expect(resolveSettings({}, environment).baseUrl).toBe("http://above:1");
    environment.home = join(root, "project");
    expect(() => resolveSettings({}, environment)).toThrow(/set SIGNALBOX_URL/);
    credentials("project/.signalbox", "http://home:1");
    expect(resolveSettings({}, environment).baseUrl).toBe("http://home:1");
  });
});
