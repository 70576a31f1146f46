import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { databaseQueueFamilies } from "./database-queue.ts";
import { prometheusText } from "./prometheus.ts";

const singletons = (globalThis as Record<symbol, Map<string, unknown> | undefined>)[
  Symbol.for("signalbox.singletons")
];
let close = () => {};
afterEach(() => {
  close();
  singletons?.clear();
});

/** A database that answers so; asked with the secret key only. */
async function embedded(answer: unknown): Promise<void> {
  const server = createServer((request, response) => {
    const allowed = request.url === "/queue/v1/stats" && request.headers.apikey === "secret";
    response.writeHead(allowed ? 200 : 401).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => server.close();
  Object.assign(process.env, {
    SUPABASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    SUPABASE_PUBLISHABLE_KEY: "publishable",
    SUPABASE_SECRET_KEY: "secret",
    SIGNALBOX_SECRET: "a secret of the tests alone",
    SIGNALBOX_OWNER_EMAIL: "owner@signalbox.local",
  });
}

it("tells how long work waited for the embedded database, in seconds", async () => {
  const histogram = {
    buckets: [
      [5, 2],
      [1000, 3],
    ],
    sum: 1500,
    count: 4,
  };
  const wait_ms = { small: histogram, bulk: histogram };
  await embedded({ running: 1, waiting: 7, users: 2, refused: 3, wait_ms, held_ms: histogram });
  const lines = prometheusText(await databaseQueueFamilies()).split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "signalbox_database_queue_waiting 7",
      "signalbox_database_queue_refused_total 3",
      'signalbox_database_queue_wait_seconds_bucket{size="bulk",le="0.005"} 2',
      'signalbox_database_queue_wait_seconds_bucket{size="bulk",le="+Inf"} 4',
      'signalbox_database_queue_wait_seconds_sum{size="small"} 1.5',
      "signalbox_database_queue_held_seconds_count 4",
    ]),
  );
});

it("has no samples where the database tells nothing", async () => {
  await embedded({ message: "Not found" });
  const text = prometheusText(await databaseQueueFamilies());
  expect(text).toContain("# TYPE signalbox_database_queue_waiting gauge\n");
  expect(text).not.toMatch(/^signalbox/m);
});
