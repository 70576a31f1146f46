import Link from "next/link";
import { LineSwatch } from "@/components/charts/panel/line-swatch";
import type { ComparedRun } from "../use-compared-runs";

/** One column for each run, with its line style. */
export function RunsTableHead({ runs, first }: { runs: readonly ComparedRun[]; first: string }) {
  return (
    <thead>
      <tr>
        <th
          scope="col"
          className="sticky left-0 bg-surface px-3 py-2 text-left text-xs font-medium text-faint"
        >
          {first}
        </th>
        {runs.map(({ job, lineStyle }) => (
          <th key={job.id} scope="col" className="max-w-60 px-3 py-2 text-left font-medium">
            <span className="flex items-center gap-2">
              <LineSwatch lineStyle={lineStyle} />
              <Link
                href={`/runs/${encodeURIComponent(job.id)}`}
                prefetch={false}
                title={job.name}
                className="truncate hover:underline"
              >
                {job.name}
              </Link>
            </span>
          </th>
        ))}
      </tr>
    </thead>
  );
}
