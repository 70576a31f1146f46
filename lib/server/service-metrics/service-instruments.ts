import type { ClientErrorKind } from "@signalbox/protocol/service/client-error";
import { processSingleton } from "../process-singleton";
import { Counter, Histogram, requestSeconds } from "./instruments.ts";

export const ingestKinds = ["metrics", "predictions", "logs", "events", "other"] as const;
export type IngestKind = (typeof ingestKinds)[number];

/** What the requests of this process are measured by. */
class ServiceInstruments {
  readonly requests = new Counter({
    name: "http_requests_total",
    help: "API requests answered, by kind of route and status. A stream counts when it begins.",
    labels: ["kind", "status"],
  });
  readonly requestDuration = new Histogram({
    name: "http_request_duration_seconds",
    help: "From an API request to its reply; of streams to their beginning. Long polls are left out.",
    labels: ["kind"],
    bounds: requestSeconds,
  });
  readonly ingestDuration = new Histogram({
    name: "ingest_duration_seconds",
    help: "From a batch of data to the reply that it is stored, or why not.",
    labels: ["kind"],
    bounds: requestSeconds,
  });
  readonly ingestBytes = new Histogram({
    name: "ingest_body_bytes",
    help: "Sizes of batches of data after decompression.",
    labels: ["kind"],
    bounds: [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 10_485_760],
  });
  readonly databaseDuration = new Histogram({
    name: "database_call_duration_seconds",
    help: "From calling a function of the database to its reply, waiting included.",
    bounds: requestSeconds,
  });
  readonly databaseFailures = new Counter({
    name: "database_call_failures_total",
    help: "Calls of the database without a result: unavailable (not responding, too busy) or error.",
    labels: ["reason"],
  });
  readonly clientErrors = new Counter<"kind">({
    name: "client_errors_total",
    help: "Errors that browsers showing this dashboard reported.",
    labels: ["kind"],
  });

  constructor() {
    // Zero from the start, so that the first failure is a change.
    for (const reason of ["unavailable", "error"]) this.databaseFailures.add({ reason }, 0);
    const kinds: ClientErrorKind[] = ["render", "error", "rejection"];
    for (const kind of kinds) this.clientErrors.add({ kind }, 0);
  }

  families() {
    return [
      this.requests,
      this.requestDuration,
      this.ingestDuration,
      this.ingestBytes,
      this.databaseDuration,
      this.databaseFailures,
      this.clientErrors,
    ].map((instrument) => instrument.family());
  }
}

export function serviceInstruments(): ServiceInstruments {
  return processSingleton("service-instruments", () => new ServiceInstruments());
}
