import { z } from "zod";
import type { JobList, listJobsQuerySchema } from "@/lib/contracts/job";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../supabase";
import { keyedJobSchema } from "./load-job";

const pageSchema = z.object({ total: z.number(), jobs: z.array(keyedJobSchema) });

/** A page of the user's jobs. */
export async function listJobs(
  principal: UserPrincipal,
  query: z.output<typeof listJobsQuerySchema>,
): Promise<JobList> {
  const page = pageSchema.parse(
    await callRpc("list_jobs", { p_user_id: principal.userId, p_query: query }),
  );
  return {
    success: true,
    count: page.jobs.length,
    total: page.total,
    jobs: page.jobs.map((row) => row.job),
  };
}
