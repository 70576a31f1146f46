"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactElement, type ReactNode, useRef } from "react";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";

export const backdropClasses =
  "fixed inset-0 z-40 bg-overlay transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0";

/** A bottom sheet on a phone, a centred dialog elsewhere. */
export const dialogPopupClasses =
  "fixed z-50 flex max-h-[calc(100dvh-2rem)] flex-col border border-line bg-surface text-ink shadow-dialog outline-hidden transition-[opacity,translate,scale] duration-150 ease-out data-ending-style:opacity-0 data-starting-style:opacity-0 max-sm:inset-x-0 max-sm:bottom-0 max-sm:rounded-t-xl max-sm:data-ending-style:translate-y-4 max-sm:data-starting-style:translate-y-4 sm:top-1/2 sm:left-1/2 sm:w-[calc(100vw-2rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-xl sm:data-ending-style:scale-98 sm:data-starting-style:scale-98";

const widths = { sm: "sm:max-w-md", md: "sm:max-w-xl", lg: "sm:max-w-3xl" };

interface DialogProps {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactElement;
  title: ReactNode;
  description?: ReactNode;
  size?: keyof typeof widths;
  /** The actions, which stay in place while the body scrolls. */
  footer?: ReactNode;
  /** The children lay out body and actions themselves. */
  bare?: boolean;
  children: ReactNode;
  className?: string;
}

/** The first control below the header, so that the close button is not focused first. */
function firstControl(popup: HTMLElement | null): HTMLElement | null {
  const controls = popup?.querySelectorAll<HTMLElement>(
    "input:not([type=hidden], [aria-hidden=true]), textarea, button:not([tabindex='-1'])",
  );
  return [...(controls ?? [])].find((each) => each.closest("header") === null) ?? popup;
}

/** A modal dialog with a title, a scrolling body and actions. */
export function Dialog({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  size = "md",
  footer,
  bare = false,
  children,
  className,
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => onOpenChange?.(next)}>
      {trigger ? <BaseDialog.Trigger render={trigger} /> : null}
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClasses} />
        <BaseDialog.Popup
          ref={popup}
          initialFocus={(type) => (type === "touch" ? popup.current : firstControl(popup.current))}
          className={cn(dialogPopupClasses, widths[size], className)}
        >
          <header
            className={cn(
              "flex items-start justify-between gap-4 px-5 pt-4 pb-3",
              bare && "border-b border-line",
            )}
          >
            <div className="min-w-0">
              <BaseDialog.Title className="text-lg font-semibold tracking-tight">
                {title}
              </BaseDialog.Title>
              {description ? (
                <BaseDialog.Description className="mt-0.5 text-sm text-pretty text-muted">
                  {description}
                </BaseDialog.Description>
              ) : null}
            </div>
            <BaseDialog.Close
              render={
                <IconButton label="Close" size="sm" className="-mr-1.5">
                  <X />
                </IconButton>
              }
            />
          </header>
          {bare ? (
            children
          ) : (
            <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 pb-5">
              {children}
            </div>
          )}
          {footer ? (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </footer>
          ) : null}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Closes its dialog. */
export function DialogClose({ children }: { children: ReactElement }) {
  return <BaseDialog.Close render={children} />;
}
