import { Download } from "lucide-react";
import { fileName, saveFile } from "@/components/charts/save/save-file";
import { Button } from "@/components/ui/button";
import { csvOf } from "@/lib/charts/export/chart-csv";

interface SaveTableProps {
  /** What the file is called. */
  name: string;
  /** With the headings first; made when they are asked for. */
  rows: () => (string | number)[][];
}

/** A table as CSV, with whole figures. */
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
      <Download aria-hidden /> CSV
    </Button>
  );
}
