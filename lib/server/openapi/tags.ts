import type { RouteDescription } from "../api-route";

/** The tags of the API description, in display order. */
export const tags = {
  Runs: "List, start, update and delete runs.",
  Ingest:
    "For trainers: send metrics, logs, events and predictions with the job token. Unknown fields are ignored.",
  "Trainer's commands": "For trainers: receive and acknowledge commands.",
  Control: "Pause, resume, stop, checkpoint and change parameters. Unknown fields are rejected.",
  Reading: "Read metrics, logs and errors.",
  Predictions: "Model predictions by epoch.",
  "Live streams": "Server-sent events, resumable by cursor.",
  "Streaming SDKs": "Replies that the SDKs poll when streaming is unavailable.",
  Datasets: "Training data.",
  Baselines: "Thresholds for a run's metrics.",
  Deployments: "Deployments of finished models.",
  Settings: "API keys, retention and saved views.",
  "Sign-in": "For browsers. Programs use an API key.",
  Service: "The dashboard itself.",
} as const;
export type Tag = keyof typeof tags;

const byPath: [RegExp, Tag][] = [
  [/\/stream$/, "Live streams"],
  [/^\/api\/auth\//, "Sign-in"],
  [/^\/api\/(settings|training\/views)/, "Settings"],
  [/^\/api\/learning\//, "Streaming SDKs"],
  [/\/commands\/(next|\[cid\])/, "Trainer's commands"],
  [/\/(control|resume|update-params|commands)$/, "Control"],
  [/^\/api\/training\/dataset/, "Datasets"],
  [/^\/api\/training\/baselines/, "Baselines"],
  [/^\/api\/training\/deploy/, "Deployments"],
  [/^\/api\/training\/(\[id\]|jobs|capabilities|queue)/, "Runs"],
];

/** The tag of a route. */
export function tagOf(pattern: string, route: RouteDescription): Tag {
  const found = byPath.find(([path]) => path.test(pattern));
  if (found) return found[1];
  if (route.scope === "ingest") return "Ingest";
  if (pattern.startsWith("/api/training/predictions")) return "Predictions";
  return pattern.startsWith("/api/training/") ? "Reading" : "Service";
}
