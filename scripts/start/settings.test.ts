import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { derivedSecret } from "./secret.ts";
import { readSettings } from "./settings.ts";

const supabase = {
  SUPABASE_URL: "https://project.supabase.co",
  SUPABASE_PUBLISHABLE_KEY: "sb_publishable_1",
  SUPABASE_SECRET_KEY: "sb_secret_1",
};

function refusal(environment: Record<string, string>): string {
  try {
    readSettings({ NODE_ENV: "test", ...environment });
  } catch (error) {
    return String(error);
  }
  throw new Error("the settings were accepted");
}

describe("settings with one's own Supabase", () => {
  it("need a SIGNALBOX_SECRET, and without it offer a new one to copy", () => {
    const offered = () => /^ {2}SIGNALBOX_SECRET=(.+)$/m.exec(refusal(supabase))?.[1] ?? "";
    const secret = offered();
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(offered()).not.toBe(secret);
    const settings = readSettings({ NODE_ENV: "test", ...supabase, SIGNALBOX_SECRET: secret });
    expect(settings.SIGNALBOX_SECRET).toBe(secret);
    expect(refusal({ ...supabase, SIGNALBOX_SECRET: "" })).toContain("Set SIGNALBOX_SECRET");
  });

  it("name a command that prints the secret which earlier releases derived", () => {
    const command = / node -p '(.+)'$/m.exec(refusal(supabase))?.[1] ?? "";
    const env = { ...process.env, SUPABASE_SECRET_KEY: supabase.SUPABASE_SECRET_KEY };
    const printed = execFileSync(process.execPath, ["-p", command], { env, encoding: "utf8" });
    expect(printed.trim()).toBe(derivedSecret("sb_secret_1"));
    expect(printed.trim()).toBe("6035a0d1fd43cac900b7e2f39185b0711af3aab052a0860862a74299f6b57552");
  });

  it("refuse a secret that is too short to be one", () => {
    expect(refusal({ ...supabase, SIGNALBOX_SECRET: "short" })).toContain("SIGNALBOX_SECRET");
  });
});

it("the embedded Supabase needs no setting", () => {
  expect(readSettings({ NODE_ENV: "test" }).SIGNALBOX_SECRET).toBeUndefined();
});
