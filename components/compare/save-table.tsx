import { Download } from "lucide-react";
import { fileName, saveFile } from "@/components/charts/save/save-file";
import { Button } from "@/components/ui/button";
import { csvOf } from "@/lib/charts/export/chart-csv";

interface SaveTableProps {
  /** The base of the file name. */
  name: string;
  /** The rows, header first; built on click. */
  rows: () => (string | number)[][];
}

/** Downloads a table as CSV, with unrounded numbers. */
export function SaveTable({ name, rows }: SaveTableProps) {
  return (
    <Button
      size="sm"
      onClick={() =>
        saveFile(
          fileName(["compare", name], "csv"),
          new Blob([csvOf(rows())], { type: "text/csv" }),
        )
      }
    >
      <Download aria-hidden /> Download CSV
    </Button>
  );
}
