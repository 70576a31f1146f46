/** How the replies of one list are read on. */
interface Paged<Reply> {
  count(reply: Reply): number;
  total(reply: Reply): number;
  /** Both as one reply, of rows in this order. */
  join(first: Reply, next: Reply): Reply;
}

/**
 * `limit` rows from `offset` on, or all there are: the server ends a page early where rows are large.
 */
export async function wholePage<Reply>(
  { limit, offset = 0 }: { limit: number; offset?: number },
  read: (limit: number, offset: number) => Promise<Reply>,
  { count, total, join }: Paged<Reply>,
): Promise<Reply> {
  let page: Reply = await read(limit, offset);
  while (count(page) < limit && offset + count(page) < total(page)) {
    const next = await read(limit - count(page), offset + count(page));
    // The rows may have become fewer meanwhile.
    if (count(next) === 0) return page;
    page = join(page, next);
  }
  return page;
}

/** The replies of a list by epoch as one: the server ends each where it is large enough. */
export async function everyEpoch<Reply extends { next_epoch?: number | null | undefined }>(
  read: (after: number | undefined) => Promise<Reply>,
  join: (first: Reply, next: Reply) => Reply,
): Promise<Reply> {
  let all: Reply = await read(undefined);
  while (typeof all.next_epoch === "number") {
    const next = await read(all.next_epoch);
    all = { ...join(all, next), next_epoch: next.next_epoch };
  }
  return all;
}
