/** Rows per page of the table. */
export const pageSize = 200;

/** The pages that hold the rows from `first` to `last`, with `ahead` rows on either side. */
export function pagesFor(first: number, last: number, total: number | null, ahead = 100): number[] {
  const end = total === null ? Math.max(0, last) : Math.min(last + ahead, total - 1);
  const from = Math.floor(Math.max(0, first - ahead) / pageSize);
  const to = Math.floor(Math.max(0, end) / pageSize);
  const pages: number[] = [];
  for (let page = Math.min(from, to); page <= to; page += 1) pages.push(page);
  return pages;
}
