import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/lib/api/errors";

/** A refusal is an answer: only an unreachable or overloaded server is asked again. */
function retry(failures: number, error: Error): boolean {
  if (!(error instanceof ApiError) || error.status === 0) return failures < 2;
  return error.status >= 500 && failures < 1;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 10_000, retry, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}
