import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/lib/api/errors";

/** Retries only where the server is unreachable or failing; a rejection is final. */
function retry(failures: number, error: Error): boolean {
  if (!(error instanceof ApiError) || error.status === 0) return failures < 2;
  return error.status >= 500 && failures < 1;
}

/** The session expired: signs in and returns to the same view. */
function redirectIfSignedOut(error: Error): void {
  if (!(error instanceof ApiError) || error.status !== 401) return;
  const { pathname, search } = window.location;
  if (pathname === "/sign-in") return;
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: redirectIfSignedOut }),
    defaultOptions: {
      queries: { staleTime: 10_000, retry, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}
