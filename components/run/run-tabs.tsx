"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { EpochsTab } from "@/components/epochs/epochs-tab";
import { TabPanel, Tabs } from "@/components/ui/tabs";
import { ChartsTab } from "./charts/charts-tab";
import { ConfigTab } from "./config/config-tab";
import { LogsTab } from "./logs/logs-tab";
import type { RunTabProps } from "./run-tab-props";
import { TimelineTab } from "./timeline/timeline-tab";

const tabIds = ["charts", "epochs", "logs", "timeline", "config"] as const;
export type RunTab = (typeof tabIds)[number];

/** The tabs in order. To add a view of a run, add an entry. */
const tabs: Record<RunTab, { label: string; render: (props: RunTabProps) => ReactNode }> = {
  charts: { label: "Charts", render: (props) => <ChartsTab {...props} /> },
  epochs: { label: "Epochs", render: (props) => <EpochsTab {...props} /> },
  logs: { label: "Logs", render: (props) => <LogsTab {...props} /> },
  timeline: { label: "Timeline", render: (props) => <TimelineTab {...props} /> },
  config: { label: "Config", render: ({ job }) => <ConfigTab job={job} /> },
};

/** The open tab, kept in the URL. */
export function useRunTab() {
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(tabIds).withDefault("charts").withOptions({ history: "push" }),
  );
  return [tab, (next: RunTab) => void setTab(next)] as const;
}

interface RunTabsProps extends RunTabProps {
  tab: RunTab;
  onTab: (tab: RunTab) => void;
}

export function RunTabs({ tab, onTab, ...props }: RunTabsProps) {
  return (
    <Tabs
      label="Run views"
      value={tab}
      onValueChange={onTab}
      tabs={tabIds.map((value) => ({ value, label: tabs[value].label }))}
      className="flex min-w-0 flex-1 flex-col pt-1"
      listClassName="px-1 sm:px-2"
    >
      {tabIds.map((id) => (
        <TabPanel
          key={id}
          value={id}
          className="flex min-w-0 flex-1 flex-col outline-offset-[-2px]"
        >
          {tabs[id].render(props)}
        </TabPanel>
      ))}
    </Tabs>
  );
}
