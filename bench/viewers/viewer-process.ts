import type { PoolReply, PoolReport, PoolRequest } from "./messages.ts";
import { type Tally, Viewer } from "./viewer.ts";

/** How many connections are opened at a time. */
const openers = 16;

const tally: Tally = { latencies: new Float64Array(0), count: 0, wrong: 0, bytes: 0 };
const viewers: Viewer[] = [];
let cpuBefore = process.cpuUsage();

process.on("message", (message: PoolRequest) => void handle(message));
process.on("disconnect", () => process.exit());

async function handle(message: PoolRequest): Promise<void> {
  switch (message.type) {
    case "open": {
      for (let index = 0; index < message.count; index += 1)
        viewers.push(new Viewer(tally, index < message.reading));
      const waiting = [...viewers];
      const openSome = async () => {
        for (let next = waiting.pop(); next; next = waiting.pop()) {
          await next.open(message.port, message.path, message.headers);
        }
      };
      await Promise.all(Array.from({ length: openers }, openSome));
      return reply({ type: "open" });
    }
    case "measure":
      // Twice the expected number, so that doubled frames are counted, too.
      tally.latencies = new Float64Array(2 * viewers.length * message.steps);
      tally.count = 0;
      tally.bytes = 0;
      for (const viewer of viewers) viewer.measure(message.steps);
      cpuBefore = process.cpuUsage();
      return;
    case "report":
      return reply({ type: "report", report: report(message.seq) });
  }
}

function report(seq: number): PoolReport {
  const { user, system } = process.cpuUsage(cpuBefore);
  let lost = 0;
  let doubled = 0;
  for (const viewer of viewers) {
    const steps = viewer.tallySteps();
    lost += steps.lost;
    doubled += steps.doubled;
  }
  return {
    latencies: tally.latencies.slice(0, tally.count),
    lost,
    doubled,
    wrong: tally.wrong,
    bytes: tally.bytes,
    behind: viewers.filter((viewer) => viewer.reading && viewer.seq < seq).length,
    cpuSeconds: (user + system) / 1e6,
  };
}

function reply(message: PoolReply): void {
  process.send?.(message);
}
