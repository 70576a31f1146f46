import { expect } from "vitest";
import { ask, type Dashboard, range, Trainer } from "../dashboard.ts";
import { readData } from "../lines.ts";
import { type Entry, Poller } from "../poller.ts";
import type { Client } from "../row.ts";

/** The events of the stream, as long as it lasts: what has a `type`. */
async function* eventsOf(dashboard: Dashboard, id: string) {
  const path = `/api/learning/jobs/${id}/events/stream`;
  for await (const event of readData<Entry>(dashboard, path)) if (event.type) yield event;
}

export const synthStreaming: Client = {
  name: "synth-ai, streaming",
  version: "0.4.12",
  setup: "the address of the API (`http://…/api`) for `JobStreamer`",
  script: "synth_ai_0_4_12.py",
  rows: [
    {
      method: "JobStreamer.stream_until_terminal",
      request: "GET /api/learning/jobs/{id}/events/stream, beside it …, …/metrics, …/timeline",
      partly:
        "Events come at once and none is missing. Status and metrics are polled by the client after each event and every two seconds; it stops as soon as it sees the end, so the last points may be missing.",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "s412-stream");
        await trainer.train(5);
        const steps: unknown[] = [];
        const seqs: number[] = [];
        const types: (string | undefined)[] = [];
        for await (const { type, seq, data } of eventsOf(dashboard, "s412-stream")) {
          types.push(type);
          if (seq !== undefined) seqs.push(seq);
          if (type !== "sft.loss") continue;
          steps.push(data?.step);
          if (steps.length === 5) await trainer.train(5);
          // The stream ends by itself, with the event that the client takes for the end.
          if (steps.length === 10) await trainer.end();
        }
        expect(types.at(-1)).toBe("training.completed");
        expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
        expect(steps).toEqual(range(1, 10));
      },
    },
    {
      method: "JobStreamer without events",
      request: "GET /api/learning/jobs/{id}, …/metrics",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "s412-poll");
        await trainer.train(3);
        // It adds the time to the address, so that nothing on the way keeps an old answer.
        const path = `/api/learning/jobs/s412-poll?_t=${Date.now()}`;
        const headers = { authorization: `Bearer ${dashboard.apiKey}` };
        expect(await ask(dashboard, "GET", path, { headers })).toMatchObject({ status: "running" });
        const poller = new Poller(dashboard, "s412-poll");
        await poller.poll();
        expect(poller.points).toHaveLength(6);
      },
    },
    {
      method: "an ended run",
      request: "GET /api/learning/jobs/{id}/events/stream",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "s412-ended");
        await trainer.train(2);
        await trainer.end();
        const steps: unknown[] = [];
        for await (const { type, data } of eventsOf(dashboard, "s412-ended")) {
          if (type === "sft.loss") steps.push(data?.step);
        }
        expect(steps).toEqual([1, 2]);
      },
    },
    {
      method: "StreamEndpoints.prompt_learning, context_learning, graphgen",
      request: "GET /api/prompt-learning/online/jobs/{id}",
      not: "Signalbox has no jobs of these kinds.",
    },
  ],
};
