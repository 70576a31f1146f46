import { useQuery } from "@tanstack/react-query";
import { queryKeys } from "@/lib/api/query-keys";
import { getService } from "@/lib/api/service";

/** How often the server takes a sample. */
const everyMs = 5_000;

/** The state of the service, kept up to date while it is shown. */
export function useService() {
  return useQuery({
    queryKey: queryKeys.service,
    queryFn: ({ signal }) => getService(signal),
    refetchInterval: everyMs,
  });
}
