"use client";

import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { Toaster } from "@/components/ui/feedback/toaster";
import { createQueryClient } from "./query-client";

/** The providers of every page: theme, URL state, query cache, tooltips, toasts. */
export function Providers({
  children,
  nonce,
}: {
  children: ReactNode;
  nonce?: string | undefined;
}) {
  const [queryClient] = useState(createQueryClient);
  return (
    <ThemeProvider
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      storageKey="signalbox-theme"
      nonce={nonce}
    >
      <NuqsAdapter>
        <QueryClientProvider client={queryClient}>
          <Tooltip.Provider delay={350} timeout={300}>
            {children}
            <Toaster />
          </Tooltip.Provider>
        </QueryClientProvider>
      </NuqsAdapter>
    </ThemeProvider>
  );
}
