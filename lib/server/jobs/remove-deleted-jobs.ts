import { AppError } from "../errors";
import { callRpc } from "../rpc/call-rpc";
import { deleteJob } from "./delete-job";
import { forEach } from "./repeat";

/** Removes deleted runs whose undo period is over. Any number of processes may run it. */
export async function removeDeletedJobs(): Promise<void> {
  await forEach(await callRpc("due_removals", {}), async ({ user_id, id }) => {
    try {
      await deleteJob({ userId: user_id }, id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // The run was resumed in the meantime: restore it to the lists.
      if (error.code === "conflict") await undelete(user_id, id);
    }
  });
}

async function undelete(userId: string, id: string): Promise<void> {
  await callRpc("bulk_jobs", {
    p_user_id: userId,
    p_ids: [id],
    p_action: "undelete",
    p_tag: null,
    p_actor: "Signalbox",
    p_undo_seconds: 0,
  });
}
