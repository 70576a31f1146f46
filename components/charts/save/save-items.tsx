import { Download } from "lucide-react";
import { toast } from "sonner";
import { MenuItem } from "@/components/ui/overlays/menu";
import { type ChartToSave, saveChart } from "./save-chart";

const kinds = [
  { kind: "png", label: "Save as PNG" },
  { kind: "svg", label: "Save as SVG" },
  { kind: "csv", label: "Save as CSV" },
] as const;

/** The menu items that save a panel. */
export function SaveItems({ chart }: { chart: () => ChartToSave }) {
  return kinds.map(({ kind, label }) => (
    <MenuItem
      key={kind}
      icon={<Download />}
      onClick={() =>
        void saveChart(chart(), kind).catch(() => toast.error("The file could not be saved"))
      }
    >
      {label}
    </MenuItem>
  ));
}
