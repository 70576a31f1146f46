"use client";

import { Field } from "@base-ui/react/field";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";
import { controlClasses } from "./input";

type TextareaProps = Omit<ComponentProps<"textarea">, "defaultValue" | "value"> & {
  value?: string;
};

/** A multi-line text field that grows with its text. */
export function Textarea({ className, ...props }: TextareaProps) {
  return (
    <Field.Control
      render={
        <textarea
          {...props}
          className={cn(controlClasses, "field-sizing-content h-auto min-h-16 py-1.5", className)}
        />
      }
    />
  );
}
