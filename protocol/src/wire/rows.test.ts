import { describe, expect, it } from "vitest";
import { z } from "zod";
import { rowsSchema, tooManyRows } from "./rows.ts";

const rows = rowsSchema(z.object({ step: z.number(), name: z.string().default("a") }), {
  max: 1000,
  of: "points",
});

describe("the rows of a batch", () => {
  it("are parsed like those of a list", () => {
    expect(rows.parse([{ step: 1 }, { step: 2, name: "b" }])).toEqual([
      { step: 1, name: "a" },
      { step: 2, name: "b" },
    ]);
    expect(rows.safeParse({ length: 1 }).error?.issues).toMatchObject([
      { code: "invalid_type", expected: "array" },
    ]);
  });

  it("say where the first errors are, and no more", () => {
    const body = z.object({ rows: rows.min(1).describe("Rows.").optional() });
    const wrong = Array.from({ length: 1000 }, (_, i) => (i < 3 ? { step: i } : {}));
    const { issues } = body.safeParse({ rows: wrong }).error ?? { issues: [] };
    expect(issues).toHaveLength(20);
    expect(issues[0]?.path).toEqual(["rows", 3, "step"]);
    expect(body.safeParse({ rows: [] }).success).toBe(false);
    expect(body.safeParse({}).success).toBe(true);
  });

  it("are counted before any of them is looked at", () => {
    let looked = 0;
    const counting = rowsSchema(
      z.custom(() => {
        looked += 1;
        return true;
      }),
      { max: 3, of: "events" },
    );
    const { issues } = counting.safeParse([1, 2, 3, 4]).error ?? { issues: [] };
    expect(issues).toMatchObject([
      { message: "A batch can have at most 3 events.", params: { reason: tooManyRows } },
    ]);
    expect(looked).toBe(0);
    expect(counting.safeParse([1, 2, 3]).success).toBe(true);
  });

  it("stay a list in JSON Schema", () => {
    expect(z.toJSONSchema(rowsSchema(z.string(), { max: 3, of: "lines" }))).toMatchObject({
      type: "array",
      items: { type: "string" },
    });
  });

  it("are checked in short steps if there is time for others", async () => {
    const slow = z.number().refine(() => {
      const until = performance.now() + 1;
      while (performance.now() < until);
      return true;
    });
    const body = z.object({ rows: rowsSchema(slow, { max: 1000, of: "rows" }) });
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    const all = Array.from({ length: 200 }, (_, index) => index);
    expect(await body.parseAsync({ rows: all })).toEqual({ rows: all });
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(5);
    const wrong = await body.safeParseAsync({ rows: [...all, "x"] });
    expect(wrong.error?.issues[0]?.path).toEqual(["rows", 200]);
  });
});
