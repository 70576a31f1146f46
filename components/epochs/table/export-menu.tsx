"use client";

import type { ComparedPrediction } from "@signalbox/protocol/data/prediction";
import { Download } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuGroup, MenuItem } from "@/components/ui/overlays/menu";
import { saveFile } from "@/components/ui/save-file";
import { describeError } from "@/lib/api/errors";
import { readAllPredictions } from "@/lib/api/predictions";
import { formatInteger } from "@/lib/format/number";
import type { PredictionView } from "@/lib/hooks/predictions/use-prediction-rows";
import {
  csvFile,
  type ExportFormat,
  exportFileName,
  jsonLines,
} from "@/lib/predictions/export/export-rows";

const formats: Record<ExportFormat, { label: string; description: string; type: string }> = {
  csv: { label: "CSV", description: "Formulas are escaped", type: "text/csv;charset=utf-8" },
  jsonl: {
    label: "JSON Lines",
    description: "Text is unchanged",
    type: "application/jsonl",
  },
  parquet: {
    label: "Parquet",
    description: "Typed columns, compressed",
    type: "application/vnd.apache.parquet",
  },
};

interface ExportMenuProps {
  jobId: string;
  view: PredictionView;
  total: number | null;
}

/** Exports all rows of the table, with its filters and sort order. */
export function ExportMenu({ jobId, view, total }: ExportMenuProps) {
  const [done, setDone] = useState<number | null>(null);
  const save = async (format: ExportFormat) => {
    setDone(0);
    try {
      const blob = await makeFile(jobId, view, format, setDone);
      const name = [jobId, "epoch", view.epoch ?? "all", view.filter ?? null, view.sort ?? null];
      saveFile(exportFileName(name, format), blob);
    } catch (error) {
      toast.error("Export failed", { description: describeError(error).message });
    } finally {
      setDone(null);
    }
  };
  const progress = done === null ? "" : `, ${formatInteger(done)} of ${formatInteger(total ?? 0)}`;
  return (
    <Menu
      align="end"
      trigger={
        <IconButton
          label={`Export${progress}`}
          size="sm"
          pending={done !== null}
          disabled={total === 0 || total === null}
        >
          {done === null ? <Download /> : <span />}
        </IconButton>
      }
    >
      <MenuGroup label={`Export ${formatInteger(total ?? 0)} rows as shown`}>
        {(["csv", "jsonl", "parquet"] as const).map((format) => (
          <MenuItem
            key={format}
            description={formats[format].description}
            onClick={() => void save(format)}
          >
            {formats[format].label}
          </MenuItem>
        ))}
      </MenuGroup>
    </Menu>
  );
}

async function makeFile(
  jobId: string,
  view: PredictionView,
  format: ExportFormat,
  onProgress: (rows: number) => void,
): Promise<Blob> {
  const all: ComparedPrediction[] = [];
  for await (const { rows } of readAllPredictions(jobId, view)) {
    all.push(...rows);
    onProgress(all.length);
  }
  return new Blob(await partsOf(format, all), { type: formats[format].type });
}

async function partsOf(format: ExportFormat, rows: readonly ComparedPrediction[]) {
  if (format === "csv") return ["\ufeff", csvFile(rows)];
  if (format === "jsonl") return [jsonLines(rows)];
  // The Parquet writer is loaded on first use.
  const { parquetFile } = await import("@/lib/predictions/export/export-parquet");
  return [parquetFile(rows)];
}
