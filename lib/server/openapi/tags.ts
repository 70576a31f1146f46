import type { RouteDescription } from "../api-route";

/** The chapters of the API description, in the order in which they are read. */
export const tags = {
  Runs: "The user's runs: list, start, change, delete.",
  Ingest: "What a trainer sends, with its job token. Unknown fields are ignored.",
  "Trainer's commands": "How a trainer hears of pause, stop and new parameters, and answers.",
  Control: "Pause, resume, stop, checkpoint, change parameters. Unknown fields are refused.",
  Reading: "Metrics, logs, errors.",
  Predictions: "What the model answers, epoch by epoch.",
  "Live streams": "Server-sent events, resumable by cursor.",
  "Streaming SDKs": "The shapes that the SDKs poll where a stream is not to be had.",
  Datasets: "What runs train on.",
  Baselines: "Thresholds that a run must meet.",
  Deployments: "Where finished models go.",
  Settings: "API keys, retention and saved views.",
  "Sign-in": "For browsers. Programs send an API key.",
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
  [/^\/api\/training\/(\[id\]|jobs|capabilities)/, "Runs"],
];

/** Which chapter a route belongs to. */
export function tagOf(pattern: string, route: RouteDescription): Tag {
  const found = byPath.find(([path]) => path.test(pattern));
  if (found) return found[1];
  if (route.scope === "ingest") return "Ingest";
  if (pattern.startsWith("/api/training/predictions")) return "Predictions";
  return pattern.startsWith("/api/training/") ? "Reading" : "Service";
}
