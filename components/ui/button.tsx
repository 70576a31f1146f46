"use client";

import { Button as BaseButton } from "@base-ui/react/button";
import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { Spinner } from "./feedback/spinner";
import { Tooltip } from "./overlays/tooltip";

const buttonVariants = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none transition-colors duration-100 data-disabled:cursor-not-allowed [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary:
          "border-transparent bg-accent text-on-accent not-data-disabled:hover:bg-accent-strong data-disabled:opacity-55",
        secondary:
          "border-line-strong bg-surface text-ink not-data-disabled:hover:bg-hover not-data-disabled:active:bg-active data-popup-open:bg-hover data-disabled:text-faint data-disabled:opacity-70",
        ghost:
          "border-transparent text-muted not-data-disabled:hover:bg-hover not-data-disabled:hover:text-ink not-data-disabled:active:bg-active data-popup-open:bg-hover data-popup-open:text-ink data-disabled:text-faint data-disabled:opacity-70",
        danger:
          "border-transparent bg-danger text-white not-data-disabled:hover:bg-danger-strong data-disabled:opacity-55",
        "danger-quiet":
          "border-line-strong bg-surface text-failed not-data-disabled:hover:bg-hover not-data-disabled:active:bg-active data-disabled:opacity-55",
      },
      size: {
        sm: "h-7 px-2.5 text-xs pointer-coarse:h-9",
        md: "h-8 px-3 text-sm pointer-coarse:h-10",
        lg: "h-9 px-4 text-sm pointer-coarse:h-11",
        "icon-sm": "size-7 text-xs pointer-coarse:size-9",
        icon: "size-8 text-sm pointer-coarse:size-10 [&_svg]:size-4",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export interface ButtonProps
  extends ComponentProps<typeof BaseButton>,
    VariantProps<typeof buttonVariants> {
  className?: string;
  /** Shows a spinner and ignores clicks. */
  pending?: boolean;
  /** Why the button is disabled; shown on hover and focus, and to screen readers. */
  disabledReason?: string | undefined;
  children?: ReactNode;
}

export function Button({
  variant,
  size,
  className,
  pending = false,
  disabled = false,
  disabledReason,
  children,
  ...props
}: ButtonProps) {
  const button = (
    <BaseButton
      type="button"
      disabled={disabled || pending || disabledReason !== undefined}
      focusableWhenDisabled={pending || disabledReason !== undefined}
      aria-busy={pending || undefined}
      aria-description={disabledReason}
      className={cn(buttonVariants({ variant, size }), className)}
      {...props}
    >
      {pending ? <Spinner /> : null}
      {children}
    </BaseButton>
  );
  return disabledReason ? <Tooltip content={disabledReason}>{button}</Tooltip> : button;
}
