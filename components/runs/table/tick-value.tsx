"use client";

import { useState } from "react";
import { cn } from "@/components/ui/cn";

/** A value that flashes when it changes, but not when it first appears. */
export function TickValue({ text, className }: { text: string; className?: string }) {
  const [first] = useState(text);
  const [changed, setChanged] = useState(false);
  if (!changed && text !== first) setChanged(true);
  return (
    <span
      key={text}
      className={cn("nums -mx-1 rounded-sm px-1", changed && "animate-tick", className)}
    >
      {text}
    </span>
  );
}
