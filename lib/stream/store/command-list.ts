import type { Command, CommandStatus } from "@signalbox/protocol/command";

const rank: Record<CommandStatus, number> = {
  pending: 0,
  delivered: 1,
  applied: 2,
  rejected: 2,
  expired: 2,
};

/**
 * Commands, newest first, with another view of one of them taken in. A command never goes back:
 * the answer to a request may arrive after the stream has told how it ended.
 */
export function mergeCommand(held: readonly Command[], incoming: Command): readonly Command[] {
  const at = held.findIndex(({ id }) => id === incoming.id);
  const known = held[at];
  if (!known) {
    const place = held.findIndex(({ requested_at }) => requested_at <= incoming.requested_at);
    return place < 0 ? [...held, incoming] : held.toSpliced(place, 0, incoming);
  }
  return rank[incoming.status] < rank[known.status] ? held : held.with(at, incoming);
}
