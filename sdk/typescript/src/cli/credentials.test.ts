import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  isOpenToOthers,
  masked,
  ownCredentialsFile,
  settingsOrigin,
  storeCredentials,
} from "./credentials.ts";

describe.skipIf(process.platform === "win32")("the credentials file", () => {
  let home: string;
  let file: string;
  const credentials = { url: "http://a:1", api_key: "sbx_secret" };

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "signalbox-credentials-"));
    file = ownCredentialsFile({ home, cwd: home, env: {} });
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it("is this user's alone, and nothing else is left beside it", () => {
    storeCredentials(file, credentials);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(credentials);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(isOpenToOthers(file)).toBe(false);
    expect(readdirSync(dirname(file))).toEqual(["credentials.json"]);
  });

  it("replaces one that others may read", () => {
    storeCredentials(file, credentials);
    rmSync(file);
    writeFileSync(file, "{}", { mode: 0o644 });
    expect(isOpenToOthers(file)).toBe(true);
    storeCredentials(file, { ...credentials, api_key: "sbx_other" });
    expect(readFileSync(file, "utf8")).toContain("sbx_other");
    expect(isOpenToOthers(file)).toBe(false);
  });
});

it("shows of a key only what tells it from others", () => {
  expect(masked("sbx_abcdefghijkl")).toBe("sbx_abcd…");
});

it("says where settings come from, nearest first", () => {
  const environment = (env: Record<string, string>) => ({ home: "/h", cwd: "/c", env });
  const found = { baseUrl: "http://a:1", apiKey: "k", file: "/h/f.json" };
  const env = { SIGNALBOX_URL: "http://a:1", SIGNALBOX_API_KEY: "k" };
  expect(settingsOrigin(environment({}), undefined, found)).toEqual({
    url: "/h/f.json",
    key: "/h/f.json",
  });
  expect(settingsOrigin(environment(env), undefined, { ...found, file: null })).toEqual({
    url: "SIGNALBOX_URL",
    key: "SIGNALBOX_API_KEY",
  });
  expect(
    settingsOrigin(environment({}), "http://a:1", { ...found, apiKey: null, file: null }),
  ).toEqual({
    url: "--url",
    key: "no file",
  });
});
