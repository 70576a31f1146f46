import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { columnNames, type ExportColumn, type ExportRow, exportColumns } from "./export-rows.ts";

function column(name: ExportColumn, rows: readonly ExportRow[]): ColumnSource {
  const type = exportColumns[name];
  const values = rows.map((row) => row[name]);
  const data =
    type === "INT64"
      ? values.map((value) => (typeof value === "number" ? BigInt(Math.trunc(value)) : null))
      : values;
  return { name, data, type, nullable: true };
}

/** The rows as a Parquet file (Snappy), with text unchanged. */
export function parquetFile(rows: readonly ExportRow[]): ArrayBuffer {
  return parquetWriteBuffer({
    columnData: columnNames.map((name) => column(name, rows)),
    createdBy: "signalbox",
  });
}
