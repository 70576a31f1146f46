import type { ComparedPrediction } from "@signalbox/protocol/data/prediction";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { type ExportColumn, exportColumns } from "./export-rows.ts";

function columnData(column: ExportColumn, rows: readonly ComparedPrediction[]): ColumnSource {
  const { name, type } = column;
  const values = rows.map(column.value);
  const data = values.map((value) => {
    if (type === "INT64") return typeof value === "number" ? BigInt(Math.trunc(value)) : null;
    return type === "STRING" && value !== null ? String(value) : value;
  });
  return { name, data, type, nullable: true };
}

/** The rows as a Parquet file (Snappy), with text unchanged. */
export function parquetFile(rows: readonly ComparedPrediction[]): ArrayBuffer {
  return parquetWriteBuffer({
    columnData: exportColumns(rows).map((column) => columnData(column, rows)),
    createdBy: "signalbox",
  });
}
