"use client";

import { type BulkBody, undoSeconds } from "@signalbox/protocol/data/compare";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { bulkJobs, compareKeys } from "@/lib/api/compare";
import { describeError } from "@/lib/api/errors";
import { queryKeys } from "@/lib/api/query-keys";

type Action = BulkBody["action"];

const opposite: Record<Action, Action> = {
  archive: "restore",
  restore: "archive",
  tag: "untag",
  untag: "tag",
  delete: "undelete",
  undelete: "delete",
};

const pastTense: Record<Action, string> = {
  archive: "Archived",
  restore: "Restored",
  tag: "Tagged",
  untag: "Removed tag from",
  delete: "Deleted",
  undelete: "Restored",
};

const runs = (count: number) => (count === 1 ? "1 run" : `${count} runs`);

/** Applies an action to many runs in one request; the toast can undo it. */
export function useBulkActions() {
  const client = useQueryClient();
  const [pending, setPending] = useState<Action | null>(null);

  const send = async (body: BulkBody) => {
    try {
      return await bulkJobs(body);
    } catch (error) {
      const { message, requestId } = describeError(error);
      toast.error("Could not update runs", {
        description: requestId ? `${message} (request ${requestId})` : message,
      });
      return null;
    } finally {
      void client.invalidateQueries({ queryKey: queryKeys.jobs.all });
      void client.invalidateQueries({ queryKey: compareKeys.facets });
    }
  };

  /** Resolves to whether every run was changed. */
  const act = async (body: BulkBody): Promise<boolean> => {
    if (body.ids.length === 0) return false;
    setPending(body.action);
    const reply = await send(body);
    setPending(null);
    if (!reply) return false;
    const { done, failed } = reply;
    if (done.length > 0) {
      const undo = async () => {
        const back = await send({ ...body, ids: done, action: opposite[body.action] });
        if (back) toast.success(`${pastTense[opposite[body.action]]} ${runs(back.done.length)}`);
      };
      toast.success(`${pastTense[body.action]} ${runs(done.length)}`, {
        // A little shorter than the time in which a deletion can be undone.
        duration: body.action === "delete" ? (undoSeconds - 5) * 1000 : 10_000,
        action: { label: "Undo", onClick: () => void undo() },
      });
    } else if (failed.length === 0) {
      toast("Nothing to change", { description: "The selected runs are already up to date." });
    }
    const first = failed[0];
    if (first) {
      toast.error(`Could not update ${runs(failed.length)}`, {
        description: `${first.id}: ${first.message}`,
        duration: 10_000,
      });
    }
    return failed.length === 0;
  };
  return { act, pending };
}
