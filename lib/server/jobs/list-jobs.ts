import type { JobList, listJobsQuerySchema } from "@signalbox/protocol/job/job";
import { jobGroups, jobMeans, jobSorts, parseField } from "@signalbox/protocol/job/run-field";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";

/** A page of the user's jobs. */
export async function listJobs(
  principal: UserPrincipal,
  query: z.output<typeof listJobsQuerySchema>,
): Promise<JobList> {
  const { sort, group, means = [], ...rest } = query;
  const page = await callRpc("list_jobs", {
    p_user_id: principal.userId,
    p_query: asJson({
      ...rest,
      sort: { ...parseField(sort.replace(/^-/, ""), jobSorts), descending: sort.startsWith("-") },
      group: group === undefined ? null : parseField(group, jobGroups),
      means: means.map((field) => ({ field, ...parseField(field, jobMeans) })),
    }),
  });
  return {
    success: true,
    count: page.jobs.length,
    total: page.total,
    jobs: page.jobs.map((row) => row.job),
    ...(page.groups ? { groups: page.groups } : {}),
  };
}
