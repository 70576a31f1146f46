import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type SpoolItem, SpoolWriter } from "../../reporting/spool.ts";
import type { EvaluatedSample, Metrics } from "../trainer.ts";
import type { Answer, FromTrainer, StartMessage } from "./messages.ts";

/** Predictions per item; the dashboard accepts 1,000 per batch. */
const MAX_PREDICTIONS = 500;

export type EventLevel = "debug" | "info" | "warning" | "error";

/** Where a trainer reports: the spool (sent to the dashboard), the job's log and the backend. */
export interface Reporter {
  metrics(step: number, epoch: number, metrics: Metrics): void;
  predictions(step: number, epoch: number, samples: readonly EvaluatedSample[]): void;
  log(text: string): void;
  event(type: string, level: EventLevel, message: string, data?: Record<string, unknown>): void;
  status(body: Record<string, unknown>): void;
  answer(commandId: string, answer: Answer): void;
  send(message: FromTrainer): void;
}

/** Reporter of a trainer process. Every line is written before the call returns. */
export class SpoolReporter implements Reporter {
  readonly #spool: SpoolWriter;
  readonly #log: number;
  readonly #send: (message: FromTrainer) => void;
  readonly #now: () => number;

  constructor(
    start: StartMessage,
    send: (message: FromTrainer) => void,
    now: () => number = Date.now,
  ) {
    this.#spool = new SpoolWriter(start.segment);
    this.#log = openSync(join(start.folder, "log.jsonl"), "a", 0o600);
    this.#send = send;
    this.#now = now;
  }

  metrics(step: number, epoch: number, metrics: Metrics): void {
    const timestamp = this.#now();
    const points = Object.entries(metrics).map(([name, value]) => ({
      name,
      step,
      value,
      epoch,
      timestamp,
    }));
    this.#append({ t: "metrics", points });
  }

  predictions(step: number, epoch: number, samples: readonly EvaluatedSample[]): void {
    for (let at = 0; at < samples.length; at += MAX_PREDICTIONS) {
      const predictions = samples
        .slice(at, at + MAX_PREDICTIONS)
        .map((sample) => ({ ...sample, step, epoch }));
      this.#append({ t: "predictions", predictions });
    }
  }

  log(text: string): void {
    const ts = this.#now();
    for (const line of text.split("\n")) {
      this.#append({ t: "log", stream: "stdout", text: line, ts });
      writeSync(this.#log, `${JSON.stringify({ stream: "stdout", text: line, ts })}\n`);
    }
  }

  event(type: string, level: EventLevel, message: string, data: Record<string, unknown> = {}) {
    this.#append({ t: "event", type, level, message, data });
  }

  status(body: Record<string, unknown>): void {
    this.#append({ t: "status", body });
  }

  answer(commandId: string, answer: Answer): void {
    this.#append({ t: "ack", command_id: commandId, body: answer });
    this.#send({ type: "answer", id: commandId, answer });
  }

  send(message: FromTrainer): void {
    this.#send(message);
  }

  close(): void {
    this.#spool.close();
    closeSync(this.#log);
  }

  #append(item: SpoolItem): void {
    this.#spool.append(item);
  }
}
