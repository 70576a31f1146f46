"use client";

import { CircleAlert, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { describeError } from "@/lib/api/errors";

interface ErrorStateProps {
  title?: ReactNode;
  error: unknown;
  onRetry?: () => void;
  retrying?: boolean;
  className?: string;
  /** A bordered line above content that is still shown, instead of filling the area. */
  inline?: boolean;
}

/** The error message, the request id, and a retry button. */
export function ErrorState({
  title = "Something went wrong",
  error,
  onRetry,
  retrying = false,
  className,
  inline = false,
}: ErrorStateProps) {
  const { message, requestId } = describeError(error);
  return (
    <div
      role="alert"
      className={cn(
        inline
          ? "flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-line px-3 py-2"
          : "flex flex-col items-center justify-center gap-3 px-6 py-12 text-center",
        className,
      )}
    >
      <CircleAlert aria-hidden className="size-4.5 shrink-0 text-failed" />
      <div className={cn("flex min-w-0 flex-col gap-0.5", inline && "flex-1")}>
        <p className="text-sm font-medium text-ink">{title}</p>
        <p className="max-w-md text-sm text-pretty break-words text-muted">{message}</p>
        {requestId ? (
          <p
            className={cn(
              "flex items-center gap-1 text-xs text-faint",
              !inline && "justify-center",
            )}
          >
            Request <span className="font-mono">{requestId}</span>
            <CopyButton value={requestId} label="Copy request ID" />
          </p>
        ) : null}
      </div>
      {onRetry ? (
        <Button size="sm" onClick={onRetry} pending={retrying}>
          {retrying ? null : <RotateCw aria-hidden />}
          Try again
        </Button>
      ) : null}
    </div>
  );
}
