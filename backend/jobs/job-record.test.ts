import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type JobRecord, jobFolder, loadRecords, saveRecord } from "./job-record.ts";

const record: JobRecord = {
  job_id: "job",
  owner: null,
  name: null,
  trainer: "pronunciation-sft",
  kind: "sft",
  config: {},
  dashboard_url: "http://127.0.0.1:3000",
  job_token: "sbj_x",
  attempt: 1,
  status: "active",
  queued: null,
  held: false,
  phase: null,
  step: null,
  epoch: null,
  total_steps: null,
  total_epochs: null,
  error: null,
  reported: false,
  start_from: null,
  process: null,
  recoveries: { count: 0, step: null },
  commands: new Map(),
  created_at: "",
  updated_at: "",
};
const stop = { type: "stop", args: {}, answer: null };

describe("the record of a job", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "signalbox-record-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("keeps commands of any id, in the order in which they came", () => {
    const ids = ["b", "constructor", "__proto__", "toString", "5", "a", "1"];
    for (const id of ids) expect(record.commands.has(id)).toBe(false);
    const commands = new Map(ids.map((id) => [id, stop]));
    saveRecord(jobFolder(root, "job"), { ...record, commands });
    const { records, unreadable } = loadRecords(root);
    expect(unreadable).toEqual([]);
    expect([...(records[0]?.commands ?? [])]).toEqual(ids.map((id) => [id, stop]));
  });

  it("is read as earlier versions wrote it, with an object of commands", () => {
    const folder = jobFolder(root, "job");
    saveRecord(folder, record);
    const stored = JSON.parse(readFileSync(folder.record, "utf8"));
    writeFileSync(folder.record, JSON.stringify({ ...stored, commands: { c: stop } }));
    expect([...(loadRecords(root).records[0]?.commands ?? [])]).toEqual([["c", stop]]);
  });
});
