import { connect } from "node:net";
import type { FloodName, FloodPlan, FloodReport } from "./messages.ts";

type Work = (plan: FloodPlan, report: FloodReport, index: number) => Promise<void>;

/** Each is repeated by so many workers, without a pause. */
export const floods: Record<FloodName, { workers: number; work: Work }> = {
  "small batches, 8 senders": { workers: 8, work: metrics(5) },
  "batches of 1,000 points, 8 senders": { workers: 8, work: metrics(1_000) },
  "batches of 10,000 points, 16 senders": { workers: 16, work: metrics(10_000) },
  "batches of 500 predictions, 8 senders": { workers: 8, work: predictions(500) },
  "100 viewers of a run that reports": { workers: 101, work: viewers },
  "20 viewers that do not read": { workers: 20, work: unread },
  "reads of 1,000 series, 8 readers": {
    workers: 8,
    work: get((plan) => `/api/training/local/${plan.wideJobId}/metrics?buckets=200`),
  },
  "lists and searches, 16 readers": {
    workers: 16,
    work: get((_, index) => `/api/training/jobs?limit=200&q=${index % 2 ? "bench" : "flood"}`),
  },
  "sign-ins, 8 at a time": { workers: 8, work: signIn },
};

let step = 0;

function metrics(points: number): Work {
  return async (plan, report) => {
    const first = step;
    step += Math.ceil(points / 20);
    const list = Array.from({ length: points }, (_, index) => ({
      name: `flood/${index % 20}`,
      step: first + Math.floor(index / 20),
      value: index,
    }));
    await post(plan, "metrics", { job_id: plan.jobId, points: list }, report);
  };
}

function predictions(count: number): Work {
  const text = "the quick brown fox jumps over the lazy dog ".repeat(12);
  return async (plan, report) => {
    step += 1;
    const epoch = step;
    const list = Array.from({ length: count }, (_, index) => ({
      epoch,
      step: epoch,
      sample_index: index,
      prompt: `sample ${index}`,
      prediction: text,
      ground_truth: text,
    }));
    await post(plan, "predictions", { job_id: plan.jobId, predictions: list }, report);
  };
}

async function viewers(plan: FloodPlan, report: FloodReport, index: number): Promise<void> {
  if (index === 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return metrics(5)(plan, report, index);
  }
  const path = `/api/training/jobs/${plan.jobId}/stream`;
  const response = await fetch(`${plan.url}${path}`, { headers: bearer(plan.accessToken) });
  count(report, response.status);
  for await (const _ of response.body ?? []) {
    // Read on, as a page does.
  }
}

/** Asks for everything from the start, and never reads the answer. */
async function unread(plan: FloodPlan, report: FloodReport): Promise<void> {
  const { hostname, port } = new URL(plan.url);
  const socket = connect(Number(port), hostname).pause();
  const path = `/api/training/jobs/${plan.wideJobId}/stream?full=1`;
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${plan.accessToken}\r\n\r\n`,
  );
  socket.on("error", () => {});
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  socket.destroy();
  report.done += 1;
}

function get(path: (plan: FloodPlan, index: number) => string): Work {
  return async (plan, report, index) => {
    const response = await fetch(`${plan.url}${path(plan, index)}`, {
      headers: bearer(plan.accessToken),
    });
    await response.arrayBuffer();
    count(report, response.status);
  };
}

async function signIn(plan: FloodPlan, report: FloodReport, index: number): Promise<void> {
  const response = await fetch(`${plan.url}/api/auth/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: plan.url },
    body: JSON.stringify({ email: `nobody-${index}@example.com`, password: "wrong password" }),
  });
  await response.arrayBuffer();
  count(report, response.status);
}

async function post(plan: FloodPlan, route: string, body: object, report: FloodReport) {
  const response = await fetch(`${plan.url}/api/training/local/${route}`, {
    method: "POST",
    headers: { ...bearer(plan.jobToken), "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  count(report, response.status);
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

function count(report: FloodReport, status: number): void {
  if (status < 400) report.done += 1;
  else report.refused += 1;
}
