import type { Dashboard } from "../../e2e/kit/dashboard.ts";

export type WideRow = { step: number } & Record<string, number>;

let attached = 0;

/** A trainer as a user writes one: attaches a run, then posts with the job's token. */
export class Trainer {
  readonly jobId: string;
  readonly #url: string;
  readonly #headers: Record<string, string>;

  private constructor(url: string, jobId: string, token: string) {
    this.#url = url;
    this.jobId = jobId;
    this.#headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  }

  /** @param bearer an access token where there is no local owner with an API key */
  static async attach(dashboard: Dashboard, name: string, bearer?: string): Promise<Trainer> {
    attached += 1;
    const jobId = `bench-${name}-${attached}`;
    const credential: Record<string, string> = bearer
      ? { Authorization: `Bearer ${bearer}` }
      : { "X-API-Key": await dashboard.apiKey() };
    const response = await fetch(`${dashboard.url}/api/training/local/jobs`, {
      method: "POST",
      headers: { ...credential, "Content-Type": "application/json" },
      body: JSON.stringify({ job_id: jobId, status: "running" }),
    });
    if (!response.ok) throw new Error(`Attaching: ${response.status} ${await response.text()}`);
    const { job_token: token } = (await response.json()) as { job_token: string };
    return new Trainer(dashboard.url, jobId, token);
  }

  /** Posts rows and returns the job's last seq. */
  async post(rows: readonly WideRow[]): Promise<number> {
    const response = await fetch(`${this.#url}/api/training/local/metrics`, {
      method: "POST",
      headers: this.#headers,
      body: JSON.stringify({ job_id: this.jobId, metrics: rows }),
    });
    if (!response.ok) throw new Error(`Ingest: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { last_seq: number }).last_seq;
  }
}
