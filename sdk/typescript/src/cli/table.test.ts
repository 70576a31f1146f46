import { expect, it } from "vitest";
import { aligned, tabSeparated, truncate } from "./table.ts";

const columns = [
  { title: "State" },
  { title: "Name", flexible: true },
  { title: "Step", right: true },
];
const row = (...texts: string[]) => texts.map((text) => ({ text }));

it("aligns columns, numbers to the right", () => {
  const lines = aligned(
    columns,
    [row("running", "a", "7"), row("failed", "bee", "1,240")],
    80,
    false,
  );
  expect(lines).toEqual(["State    Name   Step", "running  a         7", "failed   bee   1,240"]);
});

it("cuts flexible columns where the terminal is narrow, never below eight", () => {
  const lines = aligned(columns, [row("running", "a-run-with-a-long-name", "7")], 26, false);
  expect(lines[1]).toBe("running  a-run-with…     7");
  expect(aligned(columns, [row("running", "a-run-with-a-long-name", "7")], 5, false)[1]).toBe(
    "running  a-run-w…     7",
  );
});

it("measures a text by what a terminal shows", () => {
  expect([truncate("語彙語彙", 5), truncate("語彙", 4), truncate("e\u0301", 1)]).toEqual([
    "語彙…",
    "語彙",
    "e\u0301",
  ]);
});

it("keeps whole values and one line a row for programs, whatever a name holds", () => {
  expect(tabSeparated(columns, [row("running", "a\tb\nc\u001b[31m", "7")])).toEqual([
    "state\tname\tstep",
    "running\ta b c\t7",
  ]);
});
