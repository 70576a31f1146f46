import type { Command, CommandStatus } from "@signalbox/protocol/job/command";

const rank: Record<CommandStatus, number> = {
  pending: 0,
  delivered: 1,
  applied: 2,
  rejected: 2,
  expired: 2,
};

/**
 * Commands, newest first, with another view of one of them merged in. A command never goes back to
 * an earlier status: the reply to a request may arrive after the stream has sent how it ended.
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
