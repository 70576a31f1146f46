import { useQuery } from "@tanstack/react-query";
import { getCapabilities } from "@/lib/api/capabilities";
import { queryKeys } from "@/lib/api/query-keys";

/** The trainers of the training backend. */
export function useCapabilities(enabled = true) {
  return useQuery({
    queryKey: queryKeys.capabilities,
    queryFn: ({ signal }) => getCapabilities(signal),
    enabled,
    staleTime: 60_000,
    // Finds a backend that has just been started without a click.
    refetchInterval: (query) => (query.state.status === "error" ? 5_000 : false),
  });
}
