"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { IconButton } from "./icon-button";

interface CopyButtonProps {
  value: string | (() => string);
  label?: string;
  className?: string;
}

/** Copies text and briefly shows a check mark. */
export function CopyButton({ value, label = "Copy", className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);

  // Timer: resets the icon.
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof value === "string" ? value : value());
      setCopied(true);
    } catch {
      toast.error("Copying was blocked by the browser. Select the text instead.");
    }
  };

  return (
    <IconButton label={copied ? "Copied" : label} size="sm" className={className} onClick={copy}>
      {copied ? <Check className="text-succeeded" /> : <Copy />}
    </IconButton>
  );
}
