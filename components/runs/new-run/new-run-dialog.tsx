"use client";

import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/feedback/error-state";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { Dialog, DialogClose } from "@/components/ui/overlays/dialog";
import { useCapabilities } from "@/lib/hooks/runs/use-capabilities";
import { NewRunForm } from "./new-run-form";

const formId = "new-run-form";

interface NewRunDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Choose a trainer, set its parameters, start the run. */
export function NewRunDialog({ open, onOpenChange }: NewRunDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="lg"
      title="New run"
      description="The defaults train well. Change only what you need."
      bare
    >
      {open ? <Body /> : null}
    </Dialog>
  );
}

function Body() {
  const capabilities = useCapabilities();
  const trainers = capabilities.data?.trainers ?? [];
  if (capabilities.isPending) return <FormSkeleton />;
  if (capabilities.isError || trainers.length === 0) {
    return (
      <ErrorState
        title="Training backend unavailable"
        error={
          capabilities.error ??
          new Error("No trainers are available. Scripts can still attach runs over HTTP.")
        }
        onRetry={() => void capabilities.refetch()}
        retrying={capabilities.isFetching}
      />
    );
  }
  return (
    <NewRunForm
      id={formId}
      trainers={trainers}
      actions={(starting) => (
        <>
          <DialogClose>
            <Button disabled={starting}>Cancel</Button>
          </DialogClose>
          <Button variant="primary" type="submit" form={formId} pending={starting}>
            Start training
          </Button>
        </>
      )}
    />
  );
}

function FormSkeleton() {
  return (
    <div role="status" aria-label="Loading trainers" className="p-5">
      <div className="grid gap-3 sm:grid-cols-2">
        <Skeleton className="h-16 rounded-md" />
        <Skeleton className="h-16 rounded-md" />
      </div>
      <div className="mt-6 grid gap-x-4 gap-y-6 sm:grid-cols-2">
        {["a", "b", "c", "d", "e", "f"].map((key) => (
          <div key={key} className="flex flex-col gap-2">
            <Skeleton className="w-24" />
            <Skeleton className="h-8 rounded-md" />
            <Skeleton className="w-40" />
          </div>
        ))}
      </div>
    </div>
  );
}
