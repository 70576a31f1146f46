import { useQuery } from "@tanstack/react-query";
import { getHealth } from "@/lib/api/health";
import { queryKeys } from "@/lib/api/query-keys";

const everyMs = 30_000;

/** What the service says about itself, while somebody looks at the page. */
export function useHealth() {
  return useQuery({
    queryKey: queryKeys.health,
    queryFn: ({ signal }) => getHealth(signal),
    refetchInterval: everyMs,
    staleTime: everyMs,
    retry: false,
  });
}
