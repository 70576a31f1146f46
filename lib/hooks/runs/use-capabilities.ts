import { useQuery } from "@tanstack/react-query";
import { getCapabilities } from "@/lib/api/capabilities";
import { queryKeys } from "@/lib/api/query-keys";

/** The trainers that the training backend offers; asked for only where they are shown. */
export function useCapabilities(enabled = true) {
  return useQuery({
    queryKey: queryKeys.capabilities,
    queryFn: ({ signal }) => getCapabilities(signal),
    enabled,
    staleTime: 60_000,
    // A backend that has just been started should not need a click to be found.
    refetchInterval: (query) => (query.state.status === "error" ? 5_000 : false),
  });
}
