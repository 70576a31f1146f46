import { expect } from "vitest";

/** The dashboard that a client talks to, and whom it is for. */
export interface Dashboard {
  url: string;
  apiKey: string;
  /** A session's access token, as dashboards send it. */
  userToken: string;
}

export interface Sent {
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/**
 * Sends a request over a socket and reads the answer.
 * The caller names the answer's type: what the client takes for granted of it, and the check then proves.
 */
export async function request<T>(
  dashboard: Dashboard,
  method: string,
  path: string,
  { headers = {}, body }: Sent = {},
): Promise<Answer<T>> {
  const response = await fetch(dashboard.url + path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed = (text === "" ? null : JSON.parse(text)) as T;
  return { status: response.status, headers: response.headers, body: parsed };
}

/** The same for a request that must succeed, as most clients only look for that. */
export async function ask<T>(
  dashboard: Dashboard,
  method: string,
  path: string,
  sent?: Sent,
): Promise<T> {
  const { status, body } = await request<T>(dashboard, method, path, sent);
  expect(status, `${method} ${path}: ${JSON.stringify(body)}`).toBeLessThan(300);
  return body;
}

export const asJson = { "Content-Type": "application/json" };

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

/** A run that its trainer reports, beside the client under test. */
export class Trainer {
  readonly #dashboard: Dashboard;
  readonly id: string;
  readonly token: string;
  #step = 0;

  private constructor(dashboard: Dashboard, id: string, token: string) {
    this.#dashboard = dashboard;
    this.id = id;
    this.token = token;
  }

  static async attach(dashboard: Dashboard, id: string, fields: object = {}): Promise<Trainer> {
    const headers = { ...asJson, "X-API-Key": dashboard.apiKey };
    const body = { job_id: id, status: "running", ...fields };
    const path = "/api/training/local/jobs";
    const { job_token } = await ask<{ job_token: string }>(dashboard, "POST", path, {
      headers,
      body,
    });
    return new Trainer(dashboard, id, job_token);
  }

  post(path: string, body: object): Promise<unknown> {
    const headers = { ...asJson, ...bearer(this.token) };
    return ask(this.#dashboard, "POST", `/api/training/local/${path}`, { headers, body });
  }

  /** Trains some more steps, with an event and the loss of each. */
  async train(steps: number): Promise<void> {
    const first = this.#step + 1;
    this.#step += steps;
    const numbers = Array.from({ length: steps }, (_, index) => first + index);
    const metrics = numbers.map((step) => ({ step, "train.loss": 1 / step, "train/lr": 3e-4 }));
    await this.post("metrics", { job_id: this.id, metrics });
    await this.report(
      numbers.map((step) => ({ type: "sft.loss", data: { step, loss: 1 / step } })),
    );
  }

  report(events: object[]): Promise<unknown> {
    return this.post(`${this.id}/events`, { events });
  }

  end(status = "completed"): Promise<unknown> {
    return this.post(`${this.id}/status`, { status });
  }
}

export interface Sample {
  epoch: number;
  step: number;
  sample_index: number;
  prompt: string;
  prediction: string;
  ground_truth: string;
  [field: string]: unknown;
}

/** Two epochs of two samples: wrong in the first epoch, right in the second. */
export function twoEpochs(): Sample[] {
  const sample = (epoch: number, index: number, prediction: string, more = {}): Sample => ({
    epoch,
    step: epoch * 100,
    sample_index: index,
    prompt: `What is 2+${index}?`,
    prediction,
    ground_truth: String(2 + index),
    ...more,
  });
  return [
    sample(1, 0, "5", { validation_pass: false }),
    sample(1, 1, "9"),
    sample(2, 0, "2", { validation_pass: true }),
    sample(2, 1, "3"),
  ];
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
