import type { ServiceReply } from "@signalbox/protocol/service/service-status";
import { formatInteger } from "@/lib/format/number";

type Totals = ServiceReply["totals"];

const headings: Record<keyof Totals, string> = {
  streams_opened: "Streams opened",
  streams_closed: "Streams closed",
  stream_resets: "Streams reset",
  refusals: "Refused at a limit",
  realtime_reconnects: "Realtime reconnects",
  client_errors: "Errors in browsers",
};

/** What was counted since the web process began. */
export function ServiceTotals({ totals }: { totals: Totals }) {
  return (
    <section aria-label="Since the web process began" className="mt-6">
      <h2 className="mb-2 text-sm font-medium">Since the web process began</h2>
      <div className="grid gap-x-8 gap-y-4 rounded-lg border border-line bg-surface p-4 sm:grid-cols-2 lg:grid-cols-3">
        {(Object.keys(headings) as (keyof Totals)[]).map((key) => (
          <Counts key={key} heading={headings[key]} counts={totals[key]} />
        ))}
      </div>
    </section>
  );
}

function Counts({ heading, counts }: { heading: string; counts: Totals[keyof Totals] }) {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="min-w-0 text-sm">
      <h3 className="flex justify-between gap-2 text-xs text-muted">
        {heading}
        <span className="nums text-ink">{formatInteger(total)}</span>
      </h3>
      <dl className="mt-1">
        {counts
          .filter(({ count }) => count > 0)
          .map(({ name, count }) => (
            <div key={name} className="flex justify-between gap-2">
              <dt className="truncate text-muted">{name.replaceAll("_", " ")}</dt>
              <dd className="nums">{formatInteger(count)}</dd>
            </div>
          ))}
      </dl>
    </div>
  );
}
