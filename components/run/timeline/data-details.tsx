import { formatParam } from "@/lib/format/params";
import { visibleText } from "@/lib/format/visible-text";

const shownUpTo = 160;

function shown(name: string, value: unknown): string {
  const text = visibleText(formatParam(name, value));
  return text.length > shownUpTo ? `${text.slice(0, shownUpTo)}…` : text;
}

/** The data of a row as `name value` pairs. */
export function DataDetails({ data }: { data: Record<string, unknown> }) {
  const entries = Object.entries(data).filter(([, value]) => value !== null && value !== undefined);
  if (entries.length === 0) return null;
  return (
    <dl className="nums flex flex-wrap gap-x-3 text-xs">
      {entries.slice(0, 24).map(([name, value]) => (
        <div key={name} className="flex min-w-0 gap-1">
          <dt className="text-faint">{visibleText(name)}</dt>
          <dd className="min-w-0 break-all font-mono text-2xs leading-4 text-muted">
            {shown(name, value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
