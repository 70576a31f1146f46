import type { Highlight } from "@/components/charts/panel/highlight";
import { TabPanel, Tabs } from "@/components/ui/tabs";
import type { RunsStore } from "@/lib/stream/store/runs-store";
import { ChartsSection } from "./charts/charts-section";
import { useDrawnLines } from "./charts/use-drawn-lines";
import { ParallelSection } from "./plots/parallel-section";
import { ScatterSection } from "./plots/scatter-section";
import { DifferencesSection } from "./tables/differences-section";
import { ValuesSection } from "./tables/values-section";
import type { CompareParams, CompareTab } from "./use-compare-params";
import type { ComparedRun } from "./use-compared-runs";

interface CompareTabsProps {
  runs: readonly ComparedRun[];
  /** Every series of the runs. */
  names: readonly string[];
  params: CompareParams;
  stream: RunsStore;
  highlight: Highlight;
}

const tabs: { value: CompareTab; label: string }[] = [
  { value: "charts", label: "Charts" },
  { value: "differences", label: "Differences" },
  { value: "values", label: "Values" },
  { value: "scatter", label: "Scatter" },
  { value: "parallel", label: "Parallel" },
];

/** The ways to compare the runs that are shown. */
export function CompareTabs({ runs, names, params, stream, highlight }: CompareTabsProps) {
  const { hidden } = params;
  const drawn = useDrawnLines(runs, hidden, params.params.group);
  const shared = { runs: runs.filter(({ job }) => !hidden.has(job.id)), names, params, highlight };
  return (
    <Tabs
      value={params.params.tab}
      onValueChange={(tab) => void params.set({ tab })}
      tabs={tabs}
      label="Comparison"
      listClassName="sticky top-0 z-10 bg-canvas px-2"
    >
      <TabPanel value="charts" className="p-3 sm:p-4">
        <ChartsSection
          {...drawn}
          names={names}
          params={params}
          stream={stream}
          highlight={highlight}
        />
      </TabPanel>
      <TabPanel value="differences" className="p-3 sm:p-4">
        <DifferencesSection {...shared} />
      </TabPanel>
      <TabPanel value="values" className="p-3 sm:p-4">
        <ValuesSection {...shared} />
      </TabPanel>
      <TabPanel value="scatter" className="p-3 sm:p-4">
        <ScatterSection {...shared} />
      </TabPanel>
      <TabPanel value="parallel" className="p-3 sm:p-4">
        <ParallelSection {...shared} />
      </TabPanel>
    </Tabs>
  );
}
