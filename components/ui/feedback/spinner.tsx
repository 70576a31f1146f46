import { LoaderCircle } from "lucide-react";
import { cn } from "@/components/ui/cn";

/** A spinner; the text next to it says what is loading. */
export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle aria-hidden className={cn("size-3.5 animate-spin", className)} />;
}
