import { ask, type Dashboard } from "./dashboard.ts";

export interface Entry {
  job_id?: string;
  seq?: number;
  type?: string;
  level?: string;
  name?: string;
  step?: number | null;
  value?: number;
  phase?: string;
  status?: string;
  created_at?: string;
  data?: Record<string, unknown>;
}

const ended = ["succeeded", "failed", "cancelled", "canceled", "completed"];

/**
 * Reads a run as the streamer of `synth-ai` does when it polls: the status, events after the last seq,
 * one page of metrics without a cursor, and the timeline; what it saw before, it drops.
 */
export class Poller {
  readonly #dashboard: Dashboard;
  readonly #path: string;
  #seq = 0;
  readonly #steps = new Map<string, number>();
  readonly #phases = new Set<string>();
  readonly events: Entry[] = [];
  readonly points: Entry[] = [];
  readonly timeline: Entry[] = [];
  /** How the run ended, as far as the client can tell. */
  final: string | null = null;

  constructor(dashboard: Dashboard, id: string) {
    this.#dashboard = dashboard;
    this.#path = `/api/learning/jobs/${id}`;
  }

  async poll(): Promise<void> {
    const { status } = await this.#get("");
    for (const event of listed(
      await this.#get(`/events?since_seq=${this.#seq}&limit=200`),
      "events",
    )) {
      if ((event.seq ?? 0) <= this.#seq) continue;
      this.#seq = event.seq ?? 0;
      this.events.push(event);
    }
    for (const point of listed(await this.#get("/metrics?limit=200"), "points")) {
      const last = this.#steps.get(point.name ?? "") ?? -1;
      if ((point.step ?? 0) <= last) continue;
      this.#steps.set(point.name ?? "", point.step ?? 0);
      this.points.push(point);
    }
    for (const entry of listed(await this.#get("/timeline"), "events")) {
      // Any phase with the name of an end is taken for the end of the run.
      if (ended.includes(entry.phase ?? "")) this.final = entry.phase ?? null;
      const key = `${entry.phase}:${entry.created_at}`;
      if (!this.#phases.has(key)) this.timeline.push(entry);
      this.#phases.add(key);
    }
    if (ended.includes(String(status))) this.final ??= String(status);
  }

  #get(path: string): Promise<Record<string, unknown>> {
    const headers = { authorization: `Bearer ${this.#dashboard.apiKey}` };
    return ask(this.#dashboard, "GET", this.#path + path, { headers });
  }
}

/** Further names under which the client looks for entries. */
const elsewhere = ["data", "result", "results", "items", "payload", "records", "entries", "values"];

function listed(reply: Record<string, unknown>, field: string): Entry[] {
  return [field, ...elsewhere].flatMap((name) => {
    const found = reply[name];
    return Array.isArray(found) ? (found as Entry[]) : [];
  });
}
