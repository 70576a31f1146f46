"use client";

import type { RetentionBody } from "@signalbox/protocol/service/retention";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Field } from "@/components/ui/inputs/field";
import { Select, type SelectOption } from "@/components/ui/inputs/select";
import { AlertDialog } from "@/components/ui/overlays/alert-dialog";
import { useSaveRetention } from "@/lib/hooks/account/use-retention";

const defaultDays = [7, 30, 90, 180, 365];

/** The default choices, and the saved one, which may be another. */
function choices(never: string, saved: number | null): SelectOption<string>[] {
  const days = [...new Set([...defaultDays, ...(saved === null ? [] : [saved])])].sort(
    (a, b) => a - b,
  );
  return [
    { value: "never", label: never },
    ...days.map((count) => ({
      value: String(count),
      label: count === 1 ? "1 day" : `${count} days`,
    })),
  ];
}

const toDays = (choice: string) => (choice === "never" ? null : Number(choice));
const toChoice = (days: number | null) => (days === null ? "never" : String(days));

/** Whether the retention became shorter. */
const shorter = (next: number | null, old: number | null) =>
  next !== null && (old === null || next < old);

/**
 * How long archived runs and full-resolution points are kept; a shorter time needs a confirmation.
 */
export function RetentionForm({ saved }: { saved: RetentionBody }) {
  const save = useSaveRetention();
  const [archived, setArchived] = useState(toChoice(saved.archived_days));
  const [points, setPoints] = useState(toChoice(saved.points_days));
  const [confirming, setConfirming] = useState(false);
  const next = { archived_days: toDays(archived), points_days: toDays(points) };
  const deletes = shorter(next.archived_days, saved.archived_days);
  const downsamples = shorter(next.points_days, saved.points_days);
  const unchanged =
    next.archived_days === saved.archived_days && next.points_days === saved.points_days;

  const store = () =>
    save.mutate(next, {
      onSuccess: () => toast.success("Saved"),
      onSettled: () => setConfirming(false),
    });

  return (
    <form
      noValidate
      className="flex max-w-xl flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (deletes || downsamples) setConfirming(true);
        else store();
      }}
    >
      {save.isError ? (
        <ErrorState inline title="Could not save settings" error={save.error} />
      ) : null}
      <Field
        label="Delete archived runs"
        help="Counted from the day a run was archived. Other runs are never deleted."
      >
        <Select
          value={archived}
          onValueChange={setArchived}
          options={choices("Never", saved.archived_days)}
        />
      </Field>
      <Field
        label="Keep finished runs at full resolution"
        help="After that, every 16 steps of a series are reduced to their first, last, lowest, highest and mean values, the number of points and any NaN. Spikes are kept; only the finest zoom level is lost. Logs, predictions and events stay whole."
      >
        <Select
          value={points}
          onValueChange={setPoints}
          options={choices("Forever", saved.points_days)}
        />
      </Field>
      <div>
        <Button variant="primary" type="submit" disabled={unchanged} pending={save.isPending}>
          Save
        </Button>
      </div>
      <AlertDialog
        open={confirming}
        onOpenChange={setConfirming}
        title="Shorten retention?"
        action="Save"
        danger
        pending={save.isPending}
        onAction={store}
      >
        {deletes ? (
          <p>
            Runs that were archived more than {next.archived_days} days ago are deleted within
            minutes, with all their data.
          </p>
        ) : null}
        {downsamples ? (
          <p>
            Runs that ended more than {next.points_days} days ago permanently lose their full
            resolution. Their curves look the same until you zoom in below 16 steps.
          </p>
        ) : null}
      </AlertDialog>
    </form>
  );
}
