import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { everyEpoch, wholePage } from "./whole-page.ts";

interface Reply {
  rows: number[];
  total: number;
}

const paged = {
  count: ({ rows }: Reply) => rows.length,
  total: ({ total }: Reply) => total,
  join: (first: Reply, next: Reply) => ({ ...next, rows: [...first.rows, ...next.rows] }),
};

describe("a page", () => {
  it("has the rows that were asked for, however few the server sends at once", async () => {
    const natural = (max: number) => fc.nat({ max });
    await fc.assert(
      fc.asyncProperty(
        natural(60),
        natural(60),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        async (total, offset, limit, sizes) => {
          const all = Array.from({ length: total }, (_, index) => index);
          let call = 0;
          const read = async (most: number, from: number): Promise<Reply> => {
            const size = Math.min(most, sizes[call % sizes.length] ?? 1);
            call += 1;
            return { rows: all.slice(from, from + size), total };
          };
          const page = await wholePage({ limit, offset }, read, paged);
          expect(page.rows).toEqual(all.slice(offset, offset + limit));
        },
      ),
    );
  });

  it("ends where rows have gone meanwhile", async () => {
    const read = async (_limit: number, offset: number): Promise<Reply> => ({
      rows: offset === 0 ? [0] : [],
      total: 3,
    });
    expect((await wholePage({ limit: 3 }, read, paged)).rows).toEqual([0]);
  });
});

it("epochs are read until none is left", async () => {
  const read = async (after: number | undefined) => {
    const epoch = (after ?? 0) + 1;
    return { epochs: [epoch], next_epoch: epoch < 4 ? epoch : null };
  };
  const all = await everyEpoch(read, (first, next) => ({
    ...next,
    epochs: [...first.epochs, ...next.epochs],
  }));
  expect(all).toEqual({ epochs: [1, 2, 3, 4], next_epoch: null });
});
