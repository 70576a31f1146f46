import { realtime } from "../realtime/source/notifier";
import { reconnectReasons } from "../realtime/source/realtime-connection";
import type { Family } from "./prometheus";

/** This web process's connections to Supabase Realtime. */
export function realtimeFamilies(): Family[] {
  const { topics, joinedTopics, opened, reconnects, refusedJoins, notifications } =
    realtime().stats();
  const family = (type: Family["type"], name: string, help: string, value: number): Family => ({
    name: `signalbox_realtime_${name}`,
    type,
    help,
    samples: [{ value }],
  });
  return [
    family("gauge", "topics", "Realtime topics that this web process needs.", topics),
    family(
      "gauge",
      "topics_joined",
      "Of these, the topics that are joined; polling stands in for the others.",
      joinedTopics,
    ),
    family("counter", "connections_total", "Connections to Realtime that were opened.", opened),
    {
      name: "signalbox_realtime_reconnects_total",
      type: "counter",
      help: "Connections that were replaced: broken, a channel closed, or a join refused.",
      samples: reconnectReasons.map((reason) => ({
        labels: { reason },
        value: reconnects[reason],
      })),
    },
    family("counter", "refused_joins_total", "Joins that Realtime refused.", refusedJoins),
    family("counter", "notifications_total", "Notifications received.", notifications),
  ];
}
