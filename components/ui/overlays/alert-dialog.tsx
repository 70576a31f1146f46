"use client";

import { AlertDialog as BaseAlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactElement, ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { backdropClasses, dialogPopupClasses } from "./dialog";

interface AlertDialogProps {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactElement;
  title: ReactNode;
  /** What happens, and what is kept. */
  children?: ReactNode;
  /** The label of the confirm button, a verb. */
  action: string;
  onAction: () => void;
  /** Keeps the dialog open with a spinner; the caller closes it when the work is done. */
  pending?: boolean;
  danger?: boolean;
  cancel?: string;
}

/** A confirmation before an irreversible action. */
export function AlertDialog({
  open,
  onOpenChange,
  trigger,
  title,
  children,
  action,
  onAction,
  pending = false,
  danger = false,
  cancel = "Cancel",
}: AlertDialogProps) {
  return (
    <BaseAlertDialog.Root open={open} onOpenChange={(next) => onOpenChange?.(next)}>
      {trigger ? <BaseAlertDialog.Trigger render={trigger} /> : null}
      <BaseAlertDialog.Portal>
        <BaseAlertDialog.Backdrop className={backdropClasses} />
        <BaseAlertDialog.Popup className={cn(dialogPopupClasses, "sm:max-w-md")}>
          <div className="flex flex-col gap-2 p-5">
            <BaseAlertDialog.Title className="text-lg font-semibold tracking-tight text-pretty break-words">
              {title}
            </BaseAlertDialog.Title>
            <BaseAlertDialog.Description
              render={<div />}
              className="flex flex-col gap-2 text-sm text-pretty text-muted"
            >
              {children}
            </BaseAlertDialog.Description>
          </div>
          <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">
            <BaseAlertDialog.Close render={<Button disabled={pending}>{cancel}</Button>} />
            <Button variant={danger ? "danger" : "primary"} pending={pending} onClick={onAction}>
              {action}
            </Button>
          </footer>
        </BaseAlertDialog.Popup>
      </BaseAlertDialog.Portal>
    </BaseAlertDialog.Root>
  );
}
