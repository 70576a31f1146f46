import { type CsvValue, csvText } from "@signalbox/protocol/wire/csv";
import { Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { fileName, saveFile } from "@/components/ui/save-file";

interface SaveTableProps {
  /** The base of the file name. */
  name: string;
  /** The rows, header first; built on click. */
  rows: () => CsvValue[][];
}

/** Downloads a table as CSV, with unrounded numbers. */
export function SaveTable({ name, rows }: SaveTableProps) {
  return (
    <Button
      size="sm"
      onClick={() =>
        saveFile(
          fileName(["compare", name], "csv"),
          new Blob([csvText(rows())], { type: "text/csv" }),
        )
      }
    >
      <Download aria-hidden /> Download CSV
    </Button>
  );
}
