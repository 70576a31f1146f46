/** Prints a table in Markdown, so that it can be pasted; figures stand to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? "";
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(`| ${padded.join(" | ")} |`);
  };
  line(head);
  line(widths.map((width, column) => "-".repeat(width - 1) + (column === 0 ? "-" : ":")));
  for (const row of rows) line(row);
  console.log();
}

export const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const whole = (value: number) => Math.round(value).toLocaleString("en");
export const ratio = (value: number) => `${value.toFixed(2)}×`;
export const percent = (value: number) => `${Math.round(value * 100)} %`;
