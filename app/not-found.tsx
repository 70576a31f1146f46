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
        title="Page not found"
        action={
          <Link
            href="/runs"
            className="flex h-8 items-center rounded-md border border-line-strong bg-surface px-3 text-sm font-medium hover:bg-hover"
          >
            Go to runs
          </Link>
        }
      >
        The URL may be mistyped, or the page may have been deleted.
      </EmptyState>
    </main>
  );
}
