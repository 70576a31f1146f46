import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { machineMs, onBeat } from "../kit/pace.ts";
import type { Probe, Usage } from "../kit/probe.ts";
import { type Spread, spread } from "../kit/statistics.ts";
import { Trainer } from "../kit/trainer.ts";
import { sentSeries, stepSeries } from "./messages.ts";
import { ViewerPool } from "./viewer-pool.ts";

const updateEveryMs = 100;
const warmUpSteps = 20;
/** Viewers of a process that decode: a thousand would need the processors that the server needs. */
const decoding = 50;

export type ViewersRun = Spread & {
  openMs: number;
  lost: number;
  doubled: number;
  wrong: number;
  /** Kilobytes a viewer beyond the base: resident memory, and JavaScript's heap as part of it. */
  rssEach: number;
  heapEach: number;
  /** Share of one core. */
  webCpu: number;
  /** On the wire, for each viewer and update. */
  bytes: number;
  clientCpu: number;
};

export interface ViewersOptions {
  viewers: number;
  /** What the viewers accept, as a content coding. */
  encoding: string;
  seconds: number;
  /** The web server's memory without viewers; measured here when absent. */
  base?: Usage;
  /** Where to write a processor profile of the web server, if at all. */
  profile?: string;
}

/** Viewers of one run that reports ten times a second: latency and completeness. */
export async function measureViewers(
  dashboard: Dashboard,
  probe: Probe,
  { viewers, encoding, seconds, base, profile }: ViewersOptions,
): Promise<ViewersRun> {
  const trainer = await Trainer.attach(dashboard, `viewers-${viewers}-${encoding}`);
  const post = (step: number) =>
    trainer.post([
      {
        step,
        // The trainer's own time, so that points that a delay brings together are not downsampled.
        timestamp: Date.now(),
        [stepSeries]: step,
        [sentSeries]: machineMs(),
        "bench/loss": 1 / step,
      },
    ]);
  let lastSeq = 0;
  // Steps of the warm-up lie beyond the measured ones.
  await onBeat(warmUpSteps, updateEveryMs, async (index) => {
    lastSeq = await post(1_000_000 + index);
  });

  const before = base ?? (await probe.usage({ collect: true }));
  const openedAt = machineMs();
  const pool = await ViewerPool.open(
    {
      url: dashboard.url,
      path: `/api/training/jobs/${trainer.jobId}/stream`,
      headers: { "X-API-Key": await dashboard.apiKey(), "Accept-Encoding": encoding },
    },
    viewers,
    encoding === "identity" ? viewers : decoding,
  );
  try {
    const openMs = machineMs() - openedAt;
    await onBeat(warmUpSteps, updateEveryMs, async (index) => {
      lastSeq = await post(2_000_000 + index);
    });
    await pool.report(lastSeq);

    const steps = Math.round((seconds * 1000) / updateEveryMs);
    pool.measure(steps);
    if (profile) await probe.startProfile();
    const cpuBefore = (await probe.usage({ collect: false })).cpuSeconds;
    const startedAt = machineMs();
    await onBeat(steps, updateEveryMs, async (step) => {
      lastSeq = Math.max(lastSeq, await post(step));
    });
    const { latencies, bytes, cpuSeconds, ...counts } = await pool.report(lastSeq);
    const lasted = (machineMs() - startedAt) / 1000;
    const webCpu = ((await probe.usage({ collect: false })).cpuSeconds - cpuBefore) / lasted;
    if (profile) await probe.writeProfile(profile);
    const after = await probe.usage({ collect: true });
    return {
      ...spread(latencies),
      openMs,
      lost: counts.lost,
      doubled: counts.doubled,
      wrong: counts.wrong,
      rssEach: (after.rssKb - before.rssKb) / viewers,
      heapEach: (after.heapKb + after.externalKb - before.heapKb - before.externalKb) / viewers,
      webCpu,
      bytes: bytes / viewers / steps,
      clientCpu: cpuSeconds / lasted,
    };
  } finally {
    await pool.close();
  }
}
