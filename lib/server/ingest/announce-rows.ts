import { userTopic } from "../realtime/source/feed";
import { notifier } from "../realtime/source/notifier";

interface StoredRows {
  last_seq: number;
  key?: number | undefined;
  user_id?: string | undefined;
}

/**
 * Tells this process's own viewers of rows that it has just stored: the database notifies of a job's
 * rows at most once a second. Returns the reply for the trainer.
 */
export function announceRows<Reply extends StoredRows>(
  reply: Reply,
): Omit<Reply, "key" | "user_id"> {
  const { key, user_id, ...own } = reply;
  if (key !== undefined && user_id !== undefined) {
    notifier().notify(userTopic(user_id), "change", { key, last_seq: reply.last_seq });
  }
  return own;
}
