import { useQuery } from "@tanstack/react-query";
import { queryKeys } from "@/lib/api/query-keys";
import { getUsage } from "@/lib/api/usage";

const refetchMs = 10_000;

/** The user's limits and what is used of them, as of the last seconds. */
export function useUsage() {
  return useQuery({
    queryKey: queryKeys.usage,
    queryFn: ({ signal }) => getUsage(signal),
    refetchInterval: refetchMs,
  });
}
