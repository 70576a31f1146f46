"use client";

import { useEffect } from "react";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { reportClientError } from "@/lib/api/client-errors";

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** The error boundary of all pages. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  // Tells the server, which counts errors of pages.
  useEffect(() => reportClientError("render", error, error.digest), [error]);
  return (
    <main id="main" className="flex flex-1 flex-col items-center justify-center">
      <ErrorState
        title="Could not display this page"
        error={error.digest ? new Error(`Error reference: ${error.digest}`) : error}
        onRetry={reset}
      />
    </main>
  );
}
