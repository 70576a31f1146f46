import type { ApiKeyScope } from "@signalbox/protocol/read";

/** What each scope opens, in words. */
export const scopeWords: Record<ApiKeyScope, { title: string; explains: string }> = {
  read: { title: "Read", explains: "View runs, metrics, logs, predictions and live streams." },
  ingest: {
    title: "Ingest",
    explains: "Attach runs and send their metrics, logs, events and predictions.",
  },
  control: {
    title: "Control",
    explains: "Start, pause, resume and stop runs; change live parameters; edit and delete runs.",
  },
  admin: { title: "Admin", explains: "Full access, including creating and revoking keys." },
};

export const expiryChoices = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never" },
] as const;
export type ExpiryChoice = (typeof expiryChoices)[number]["value"];
