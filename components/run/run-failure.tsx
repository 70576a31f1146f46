"use client";

import { SearchX } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { ApiError } from "@/lib/api/errors";

interface RunFailureProps {
  error: Error;
  retrying: boolean;
  onRetry: () => void;
}

/**
 * Run not found, no access (by design not distinguished from not found), not signed in, or an
 * error.
 */
export function RunFailure({ error, retrying, onRetry }: RunFailureProps) {
  const status = error instanceof ApiError ? error.status : 0;
  const allRuns = (
    <Button nativeButton={false} render={<Link href="/runs" />}>
      All runs
    </Button>
  );
  if (status === 404) {
    return (
      <EmptyState className="flex-1" icon={<SearchX />} title="Run not found" action={allRuns}>
        It may have been deleted, or it belongs to another user.
      </EmptyState>
    );
  }
  if (status === 401 || status === 403) {
    return (
      <EmptyState
        className="flex-1"
        icon={<SearchX />}
        title={status === 401 ? "Sign in to see this run" : "You do not have access to this run"}
        action={
          status === 401 ? (
            <Button
              variant="primary"
              onClick={() => {
                const here = window.location.pathname + window.location.search;
                window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
              }}
            >
              Sign in
            </Button>
          ) : (
            allRuns
          )
        }
      >
        {error.message}
      </EmptyState>
    );
  }
  return (
    <ErrorState
      className="flex-1"
      title="Could not load the run"
      error={error}
      onRetry={onRetry}
      retrying={retrying}
    />
  );
}
