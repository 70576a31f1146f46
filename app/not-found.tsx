import { Unplug } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { EmptyState } from "@/components/ui/feedback/empty-state";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main id="main" className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={<Unplug />}
        title="There is nothing at this address"
        action={
          <Link
            href="/runs"
            className="flex h-8 items-center rounded-md border border-line-strong bg-surface px-3 text-sm font-medium hover:bg-hover"
          >
            Go to the runs
          </Link>
        }
      >
        The address is mistyped, or what was here has been deleted.
      </EmptyState>
    </main>
  );
}
