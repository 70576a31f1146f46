import { cn } from "@/components/ui/cn";

interface EpochTableProps {
  label: string;
  columns: readonly string[];
  rows: readonly { epoch: number; cells: readonly string[] }[];
  epoch: number;
  onEpoch: (epoch: number) => void;
}

/** A chart's values as a table; a click on an epoch selects it. */
export function EpochTable({ label, columns, rows, epoch, onEpoch }: EpochTableProps) {
  const cell = "px-3 py-0.5 text-right font-normal whitespace-nowrap";
  return (
    <div className="h-full overflow-auto border-t border-line">
      <table className="nums w-full text-xs" aria-label={label}>
        <thead className="sticky top-0 bg-surface text-faint">
          <tr>
            <th className={cn(cell, "text-left")}>Epoch</th>
            {columns.map((column) => (
              <th key={column} className={cn(cell, "max-w-32 truncate")}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="font-mono">
          {rows.map((row) => (
            <tr key={row.epoch} className={cn(row.epoch === epoch && "bg-accent-soft")}>
              <th className="px-3 text-left font-normal">
                <button
                  type="button"
                  className="w-full text-left hover:underline"
                  onClick={() => onEpoch(row.epoch)}
                >
                  {row.epoch}
                </button>
              </th>
              {columns.map((column, at) => (
                <td key={column} className={cell}>
                  {row.cells[at] ?? "–"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
