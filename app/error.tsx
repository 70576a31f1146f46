"use client";

import { ErrorState } from "@/components/ui/feedback/error-state";

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** The net below every page: what went wrong on drawing it, and a way to try again. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <main id="main" className="flex flex-1 flex-col items-center justify-center">
      <ErrorState
        title="This page could not be shown"
        error={error.digest ? new Error(`The server noted it as ${error.digest}.`) : error}
        onRetry={reset}
      />
    </main>
  );
}
