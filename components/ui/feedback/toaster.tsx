"use client";

import { useTheme } from "next-themes";
import { Toaster as Sonner } from "sonner";

/** Renders the toasts; call `toast` from sonner. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-center gap-2.5 rounded-lg border border-line bg-surface px-3.5 py-3 font-sans text-sm text-ink shadow-popup sm:w-90",
          content: "flex min-w-0 flex-1 flex-col gap-0.5",
          title: "font-medium",
          description: "text-muted",
          icon: "size-4 shrink-0 [&_svg]:size-4",
          success: "[&_[data-icon]]:text-succeeded",
          error: "[&_[data-icon]]:text-failed",
          warning: "[&_[data-icon]]:text-paused",
          actionButton:
            "shrink-0 self-center rounded-md border border-line-strong px-2 h-7 text-xs font-medium hover:bg-hover",
        },
      }}
    />
  );
}
