"use client";

import { Input as BaseInput } from "@base-ui/react/input";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

export const controlClasses =
  "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink transition-colors hover:border-faint/60 focus-visible:border-accent-ink focus-visible:outline-1 focus-visible:outline-offset-0 focus-visible:outline-accent-ink data-invalid:border-failed data-disabled:bg-sunken data-disabled:text-faint touch-text pointer-coarse:h-10";

type InputProps = ComponentProps<typeof BaseInput> & { className?: string };

export function Input({ className, ...props }: InputProps) {
  return <BaseInput className={cn(controlClasses, className)} {...props} />;
}
