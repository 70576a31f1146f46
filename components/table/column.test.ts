import { describe, expect, test } from "vitest";
import { columnGrid, moveColumn, nextSort, sortDirection } from "./column.ts";

const byName = { ascending: "name", descending: "-name", first: "ascending" } as const;
const byError = { ascending: "best", descending: "worst", first: "descending" } as const;

describe("sorting by a column", () => {
  test("starts with the column's first order and then alternates", () => {
    expect(nextSort<string>(byName, "-created")).toBe("name");
    expect(nextSort<string>(byName, "name")).toBe("-name");
    expect(nextSort<string>(byName, "-name")).toBe("name");
    expect(nextSort<string>(byError, "index")).toBe("worst");
    expect(nextSort<string>(byError, "worst")).toBe("best");
  });

  test("has a direction only where the column is sorted", () => {
    expect(sortDirection<string>(byError, "best")).toBe("ascending");
    expect(sortDirection<string>(byError, "worst")).toBe("descending");
    expect(sortDirection<string>(byError, "index")).toBeNull();
  });
});

describe("the columns' grid", () => {
  test("is as wide as the columns' smallest widths together", () => {
    const widths = ["2.25rem", "minmax(11rem, 1.5fr)", "minmax(0, 1fr)", "max-content"];
    expect(columnGrid(widths.map((width) => ({ width })))).toEqual({
      gridTemplateColumns: widths.join(" "),
      minWidth: "13.25rem",
    });
  });
});

describe("moving a column", () => {
  test("keeps the order of the others and stays within the table", () => {
    expect(moveColumn(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moveColumn(["a", "b", "c"], 2, -1)).toEqual(["c", "a", "b"]);
    expect(moveColumn(["a", "b", "c"], 1, 9)).toEqual(["a", "c", "b"]);
  });

  test("of an unknown column changes nothing", () => {
    expect(moveColumn(["a", "b"], 5, 0)).toEqual(["a", "b"]);
  });
});
