"use client";

import type { ReactElement } from "react";
import { Button, type ButtonProps } from "./button";
import { Tooltip } from "./overlays/tooltip";

interface IconButtonProps extends Omit<ButtonProps, "children" | "size"> {
  /** The name for screen readers, shown on hover. */
  label: string;
  size?: "sm" | "md";
  /** A shortcut shown after the name. */
  shortcut?: string;
  children: ReactElement;
}

/** An icon button with its name as a tooltip. */
export function IconButton({
  label,
  size = "md",
  variant = "ghost",
  shortcut,
  children,
  ...props
}: IconButtonProps) {
  const button = (
    <Button
      variant={variant}
      size={size === "sm" ? "icon-sm" : "icon"}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      {...props}
    >
      {children}
    </Button>
  );
  if (props.disabledReason) return button;
  return (
    <Tooltip content={label} shortcut={shortcut}>
      {button}
    </Tooltip>
  );
}
