import type { LimitUsage, Usage } from "@signalbox/protocol/service/usage";
import type { UserPrincipal } from "../auth/principal";
import { backendQueues } from "../backend/queue";
import { maximumOf } from "./limit-reached";
import { limits, ownLimits, settingOf } from "./limits";
import { storedUsage } from "./room";
import { trafficOf } from "./traffic";

/** So many journal rows are counted before the reply: a first count of much older data goes on later. */
const maxReads = 20;

/** Every limit of a user, with what counts of it now. */
export async function readUsage({ userId }: UserPrincipal): Promise<Usage> {
  const [stored, trainers] = await Promise.all([storedOf(userId), trainersOf(userId)]);
  const used = { ...stored, ...trafficOf(userId) };
  const own = ownLimits.map(
    (limit): LimitUsage => ({
      limit,
      used: used[limit],
      maximum: maximumOf(limit),
      unit: limits[limit].unit,
      setting: settingOf(limit),
    }),
  );
  return { limits: [...trainers, ...own] };
}

async function storedOf(userId: string) {
  let counted = await storedUsage().fresh(userId);
  for (let reads = 1; counted.more && reads < maxReads; reads++) {
    counted = await storedUsage().fresh(userId);
  }
  return counted;
}

/** Each training backend holds this limit itself, and another backend may have none. */
async function trainersOf(userId: string): Promise<LimitUsage[]> {
  const queues = await backendQueues().catch(() => []);
  if (queues.length === 0) return [];
  const running = queues.flatMap((queue) => queue.running);
  return [
    {
      limit: "trainers",
      used: running.filter(({ owner }) => owner === userId).length,
      maximum: queues.reduce((total, queue) => total + queue.maximum_per_user, 0),
      unit: "count",
      setting: "SIGNALBOX_LIMIT_TRAINERS",
    },
  ];
}
