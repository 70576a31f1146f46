export type CsvValue = string | number | boolean | null | undefined;

/** What a spreadsheet runs as a formula, also behind white space and invisible characters. */
const formula = /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]/u;

/**
 * One CSV field (RFC 4180). Text that a spreadsheet would run as a formula starts with an
 * apostrophe, as OWASP advises. Numbers are written as they are, negative ones too.
 */
export function csvField(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One CSV row with its line break: CRLF in files (RFC 4180), LF for tools that read a pipe. */
export function csvRow(values: readonly CsvValue[], lineBreak: "\r\n" | "\n" = "\r\n"): string {
  return values.map(csvField).join(",") + lineBreak;
}

/** Rows as CSV text. */
export function csvText(rows: readonly (readonly CsvValue[])[]): string {
  return rows.map((row) => csvRow(row)).join("");
}
