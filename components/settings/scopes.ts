import type { ApiKeyScope } from "@signalbox/protocol/data/read";

/** What each scope allows. */
export const scopeLabels: Record<ApiKeyScope, { title: string; description: string }> = {
  read: { title: "Read", description: "View runs, metrics, logs, predictions and live streams." },
  ingest: {
    title: "Ingest",
    description: "Attach runs and send their metrics, logs, events and predictions.",
  },
  control: {
    title: "Control",
    description:
      "Start, pause, resume and stop runs; change live parameters; edit and delete runs.",
  },
  admin: { title: "Admin", description: "Full access, including creating and revoking keys." },
};

export const expiryChoices = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never" },
] as const;
export type ExpiryChoice = (typeof expiryChoices)[number]["value"];
