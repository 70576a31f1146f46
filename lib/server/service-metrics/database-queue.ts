import { z } from "zod";
import { env } from "../env";
import { type Family, histogramSamples } from "./prometheus";

const histogramSchema = z.object({
  buckets: z.array(z.tuple([z.number(), z.number()])),
  sum: z.number(),
  count: z.number(),
});

/** What the embedded database tells of the queue before its one connection. */
const statsSchema = z.object({
  running: z.number(),
  waiting: z.number(),
  refused: z.number(),
  wait_ms: z.object({ small: histogramSchema, bulk: histogramSchema }),
  held_ms: histogramSchema,
});
type Stats = z.infer<typeof statsSchema>;

/** The queue's figures; null where the database is not the embedded one, or does not answer. */
async function readStats(): Promise<Stats | null> {
  const { SIGNALBOX_OWNER_EMAIL, SUPABASE_URL, SUPABASE_SECRET_KEY } = env();
  if (SIGNALBOX_OWNER_EMAIL === undefined) return null;
  try {
    const reply = await fetch(`${SUPABASE_URL}/queue/v1/stats`, {
      headers: { apikey: SUPABASE_SECRET_KEY },
      signal: AbortSignal.timeout(1_000),
    });
    return reply.ok ? statsSchema.parse(await reply.json()) : null;
  } catch {
    return null;
  }
}

/** Without an embedded database the families are there, but have no samples. */
export async function databaseQueueFamilies(): Promise<Family[]> {
  const stats = await readStats();
  const family = (
    type: Family["type"],
    name: string,
    help: string,
    samples: (stats: Stats) => Family["samples"],
  ): Family => ({
    name: `signalbox_database_queue_${name}`,
    type,
    help,
    samples: stats ? samples(stats) : [],
  });
  return [
    family("gauge", "running", "Work that holds the embedded database.", ({ running }) => [
      { value: running },
    ]),
    family("gauge", "waiting", "Work that waits for the embedded database.", ({ waiting }) => [
      { value: waiting },
    ]),
    family("counter", "refused_total", "Work refused as too much was waiting.", ({ refused }) => [
      { value: refused },
    ]),
    family(
      "histogram",
      "wait_seconds",
      "How long work waited for the embedded database.",
      ({ wait_ms }) => [
        ...inSeconds({ size: "small" }, wait_ms.small),
        ...inSeconds({ size: "bulk" }, wait_ms.bulk),
      ],
    ),
    family(
      "histogram",
      "held_seconds",
      "How long work held the embedded database.",
      ({ held_ms }) => inSeconds({}, held_ms),
    ),
  ];
}

function inSeconds(
  labels: Record<string, string>,
  { buckets, sum, count }: z.infer<typeof histogramSchema>,
): Family["samples"] {
  const below = buckets.map(([ms, value]): [number, number] => [ms / 1000, value]);
  return histogramSamples(labels, { below, sum: sum / 1000, count });
}
