import type { ApiKeyScope } from "@signalbox/protocol/data/read";

export interface RouteCase {
  route: string;
  scope: ApiKeyScope | "public";
  /** What the last dynamic part of the path, or the body, names. */
  names: "job" | "key" | "nothing";
  /** A path and body that are right, for a job (or key) of this id. */
  path: (id: string) => string;
  json?: (id: string) => unknown;
  /** Creates what it names, so that another user's id is simply free. */
  creates?: true;
  /** Takes query parameters that are numbers. */
  numbers?: string[];
}

const local = (part: string) => (id: string) =>
  `/api/training/local/${encodeURIComponent(id)}/${part}`;
const learning = (part: string) => (id: string) =>
  `/api/learning/jobs/${encodeURIComponent(id)}${part}`;
const job = (id: string) => `/api/training/${encodeURIComponent(id)}`;
const fixed = (path: string) => () => path;

const predictions = (part: string) => (id: string) =>
  `/api/training/predictions/${encodeURIComponent(id)}${part}`;

/** Every route with a request that is right. A route that is missing here fails the tests. */
export const routeCases: RouteCase[] = [
  { route: "POST /api/auth/sign-up", scope: "public", names: "nothing" },
  { route: "POST /api/auth/sign-in", scope: "public", names: "nothing" },
  { route: "POST /api/auth/sign-out", scope: "public", names: "nothing" },
  { route: "POST /api/auth/local-owner", scope: "public", names: "nothing" },
  { route: "POST /api/auth/password-reset", scope: "public", names: "nothing" },
  { route: "POST /api/auth/new-password", scope: "public", names: "nothing" },
  { route: "POST /api/auth/confirmation", scope: "public", names: "nothing" },
  { route: "POST /api/auth/links/use", scope: "public", names: "nothing" },
  { route: "GET /api/auth/session", scope: "public", names: "nothing" },
  { route: "GET /api/health", scope: "public", names: "nothing" },
  { route: "GET /api/openapi.json", scope: "public", names: "nothing" },
].map((entry) => ({ ...entry, path: fixed(entry.route.split(" ")[1] ?? "") }) as RouteCase);

routeCases.push(
  {
    route: "POST /api/auth/links",
    scope: "admin",
    names: "nothing",
    path: fixed("/api/auth/links"),
    json: () => ({ expires_in_s: 600 }),
  },
  {
    route: "GET /api/settings/api-keys",
    scope: "admin",
    names: "nothing",
    path: fixed("/api/settings/api-keys"),
    numbers: ["limit", "offset"],
  },
  {
    route: "POST /api/settings/api-keys",
    scope: "admin",
    names: "nothing",
    path: fixed("/api/settings/api-keys"),
    json: () => ({ name: "made", scopes: ["read"] }),
  },
  {
    route: "DELETE /api/settings/api-keys/[id]",
    scope: "admin",
    names: "key",
    path: (id) => `/api/settings/api-keys/${encodeURIComponent(id)}`,
  },
  { route: "GET /api/service", scope: "read", names: "nothing", path: fixed("/api/service") },
  {
    route: "POST /api/client-errors",
    scope: "read",
    names: "nothing",
    path: fixed("/api/client-errors"),
    json: () => ({ kind: "error", message: "TypeError" }),
  },
  { route: "GET /api/metrics", scope: "read", names: "nothing", path: fixed("/api/metrics") },
  { route: "GET /api/usage", scope: "read", names: "nothing", path: fixed("/api/usage") },
  {
    route: "POST /api/settings/backup",
    scope: "admin",
    names: "nothing",
    path: fixed("/api/settings/backup"),
  },
  {
    route: "GET /api/settings/retention",
    scope: "read",
    names: "nothing",
    path: fixed("/api/settings/retention"),
  },
  {
    route: "PUT /api/settings/retention",
    scope: "admin",
    names: "nothing",
    path: fixed("/api/settings/retention"),
    json: () => ({ archived_days: null, points_days: null }),
  },
  {
    route: "GET /api/training/queue",
    scope: "read",
    names: "nothing",
    path: fixed("/api/training/queue"),
  },
  {
    route: "GET /api/training/capabilities",
    scope: "read",
    names: "nothing",
    path: fixed("/api/training/capabilities"),
  },
  {
    route: "GET /api/training/jobs",
    scope: "read",
    names: "nothing",
    path: fixed("/api/training/jobs"),
    numbers: ["limit", "offset"],
  },
  {
    route: "POST /api/training/jobs",
    scope: "control",
    names: "nothing",
    path: fixed("/api/training/jobs"),
    json: () => ({ kind: "sft", config: {} }),
  },
  {
    route: "GET /api/training/jobs/facets",
    scope: "read",
    names: "nothing",
    path: fixed("/api/training/jobs/facets"),
  },
  {
    route: "POST /api/training/jobs/bulk",
    scope: "control",
    names: "nothing",
    path: fixed("/api/training/jobs/bulk"),
    json: () => ({ ids: ["there-is-no-such-job"], action: "archive" }),
  },
  {
    route: "GET /api/training/metrics",
    scope: "read",
    names: "nothing",
    path: fixed("/api/training/metrics?runs=there-is-no-such-job"),
  },
  {
    route: "GET /api/training/views",
    scope: "read",
    names: "nothing",
    path: fixed("/api/training/views"),
    numbers: ["limit", "offset"],
  },
  {
    route: "POST /api/training/views",
    scope: "control",
    names: "nothing",
    path: fixed("/api/training/views"),
    json: () => ({ page: "runs", name: "mine", query: "sort=name" }),
  },
  {
    route: "DELETE /api/training/views/[id]",
    scope: "control",
    names: "nothing",
    path: fixed("/api/training/views/7b1e7c1e-6a3c-4a53-9a3e-0d6a7b1f2c3d"),
  },
  {
    route: "GET /api/training/jobs/stream",
    scope: "read",
    names: "nothing",
    path: fixed("/api/training/jobs/stream"),
  },
  {
    route: "GET /api/training/jobs/[id]/stream",
    scope: "read",
    names: "job",
    path: (id) => `/api/training/jobs/${encodeURIComponent(id)}/stream`,
  },
  {
    route: "GET /api/training/stream",
    scope: "read",
    names: "job",
    path: (id) => `/api/training/stream?runs=${encodeURIComponent(id)}`,
  },
  { route: "GET /api/training/[id]", scope: "read", names: "job", path: job },
  {
    route: "PUT /api/training/[id]",
    scope: "control",
    names: "job",
    path: job,
    json: () => ({ notes: "noted" }),
  },
  { route: "DELETE /api/training/[id]", scope: "control", names: "job", path: job },
  {
    route: "POST /api/training/local/jobs",
    scope: "ingest",
    names: "job",
    path: fixed("/api/training/local/jobs"),
    json: (id) => ({ job_id: id }),
    creates: true,
  },
  {
    route: "GET /api/training/local/jobs",
    scope: "read",
    names: "nothing",
    path: fixed("/api/training/local/jobs"),
    numbers: ["limit", "offset"],
  },
  {
    route: "POST /api/training/local/metrics",
    scope: "ingest",
    names: "job",
    path: fixed("/api/training/local/metrics"),
    json: (id) => ({ job_id: id, metrics: [{ step: 1, "train/loss": 0.5 }] }),
  },
  {
    route: "PUT /api/training/local/[id]/metrics",
    scope: "ingest",
    names: "job",
    path: local("metrics"),
    json: () => ({ step: 1, epoch: 1, train_loss: 0.5 }),
  },
  {
    route: "POST /api/training/local/predictions",
    scope: "ingest",
    names: "job",
    path: fixed("/api/training/local/predictions"),
    json: (id) => ({
      job_id: id,
      predictions: [{ epoch: 1, step: 1, sample_index: 0, prompt: "p", prediction: "q" }],
    }),
  },
  {
    route: "GET /api/training/predictions/[id]",
    scope: "read",
    names: "job",
    path: predictions(""),
    numbers: ["limit", "offset"],
  },
  ...["epochs", "trends", "map", "stream"].map(
    (part): RouteCase => ({
      route: `GET /api/training/predictions/[id]/${part}`,
      scope: "read",
      names: "job",
      path: predictions(`/${part}`),
    }),
  ),
  {
    route: "GET /api/training/predictions/[id]/samples",
    scope: "read",
    names: "job",
    path: predictions("/samples?ids=0"),
  },
  {
    route: "GET /api/training/predictions/[id]/samples/[sample]",
    scope: "read",
    names: "job",
    path: predictions("/samples/0"),
  },
  {
    route: "GET /api/training/local/[id]/metrics",
    scope: "read",
    names: "job",
    path: local("metrics"),
    numbers: ["from", "to", "buckets", "after_seq", "limit"],
  },
  {
    route: "GET /api/training/local/[id]/logs",
    scope: "read",
    names: "job",
    path: local("logs"),
    numbers: ["limit", "offset", "tail"],
  },
  {
    route: "POST /api/training/local/[id]/logs",
    scope: "ingest",
    names: "job",
    path: local("logs"),
    json: () => ({ logs: ["a line"] }),
  },
  {
    route: "POST /api/training/local/[id]/events",
    scope: "ingest",
    names: "job",
    path: local("events"),
    json: () => ({ events: [{ type: "note" }] }),
  },
  {
    route: "POST /api/training/local/[id]/heartbeat",
    scope: "ingest",
    names: "job",
    path: local("heartbeat"),
    json: () => ({}),
  },
  {
    route: "GET /api/training/local/[id]/status",
    scope: "read",
    names: "job",
    path: local("status"),
  },
  {
    route: "POST /api/training/local/[id]/status",
    scope: "ingest",
    names: "job",
    path: local("status"),
    json: () => ({ status: "running" }),
  },
  {
    route: "PATCH /api/training/local/[id]/status",
    scope: "ingest",
    names: "job",
    path: local("status"),
    json: () => ({ status: "running" }),
  },
  {
    route: "GET /api/training/local/[id]/errors",
    scope: "read",
    names: "job",
    path: local("errors"),
    numbers: ["limit", "offset"],
  },
  {
    route: "POST /api/training/local/[id]/control",
    scope: "control",
    names: "job",
    path: local("control"),
    json: () => ({ action: "checkpoint" }),
  },
  {
    route: "POST /api/training/local/[id]/resume",
    scope: "control",
    names: "job",
    path: local("resume"),
    json: () => ({}),
  },
  {
    route: "PATCH /api/training/local/[id]/update-params",
    scope: "control",
    names: "job",
    path: local("update-params"),
    json: () => ({ learning_rate: 0.1 }),
  },
  {
    route: "GET /api/training/local/[id]/commands",
    scope: "read",
    names: "job",
    path: local("commands"),
    numbers: ["limit", "offset"],
  },
  {
    route: "GET /api/training/local/[id]/commands/next",
    scope: "ingest",
    names: "job",
    path: local("commands/next"),
    numbers: ["wait"],
  },
  {
    route: "POST /api/training/local/[id]/commands/[cid]/ack",
    scope: "ingest",
    names: "job",
    path: local("commands/cmd-of-a/ack"),
    json: () => ({ status: "applied" }),
  },
  { route: "GET /api/learning/jobs/[id]", scope: "read", names: "job", path: learning("") },
  {
    route: "GET /api/learning/jobs/[id]/events",
    scope: "read",
    names: "job",
    path: learning("/events"),
    numbers: ["since_seq", "limit"],
  },
  {
    route: "GET /api/learning/jobs/[id]/events/stream",
    scope: "read",
    names: "job",
    path: learning("/events/stream"),
    numbers: ["since_seq"],
  },
  {
    route: "GET /api/learning/jobs/[id]/metrics",
    scope: "read",
    names: "job",
    path: learning("/metrics"),
    numbers: ["after_step", "after_seq", "limit"],
  },
  {
    route: "GET /api/learning/jobs/[id]/timeline",
    scope: "read",
    names: "job",
    path: learning("/timeline"),
    numbers: ["since_seq", "before_seq", "limit"],
  },
  {
    route: "GET /api/learning/jobs/[id]/rows",
    scope: "read",
    names: "job",
    path: learning("/rows"),
    numbers: ["since_seq", "limit"],
  },
);

/** The method of a case. */
export function methodOf({ route }: RouteCase): string {
  return route.split(" ")[0] ?? "";
}
