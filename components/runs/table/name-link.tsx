import type { Job } from "@signalbox/protocol/job/job";
import Link from "next/link";
import { cn } from "@/components/ui/cn";

/** A run's name, as the link that `j` and `k` focus. */
export function NameLink({ job, className }: { job: Job; className?: string }) {
  return (
    <Link
      href={`/runs/${encodeURIComponent(job.id)}`}
      data-row-focus
      title={job.name}
      prefetch={false}
      className={cn(
        "min-w-0 truncate rounded-sm font-medium text-ink outline-offset-2 hover:underline hover:decoration-line-strong hover:underline-offset-3",
        className,
      )}
    >
      {job.name}
    </Link>
  );
}
