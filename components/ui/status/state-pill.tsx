import type { JobStatus } from "@signalbox/protocol/job/job";
import { cn } from "@/components/ui/cn";
import { stateRoles } from "./state-roles";

interface StatePillProps {
  status: JobStatus;
  size?: "sm" | "md";
  className?: string;
}

/** A run's state: icon, label and colour together. */
export function StatePill({ status, size = "sm", className }: StatePillProps) {
  const { label, icon: Icon, text, between, outline } = stateRoles[status];
  return (
    <span
      data-status={status}
      className={cn(
        "inline-flex shrink-0 items-center gap-1 rounded-full border font-medium whitespace-nowrap",
        size === "sm" ? "h-5 pr-2 pl-1 text-xs" : "h-6 pr-2.5 pl-1.5 text-sm",
        outline ? "border-current border-dashed" : "border-transparent wash",
        text,
        className,
      )}
    >
      <Icon
        aria-hidden
        className={cn(size === "sm" ? "size-3.5" : "size-4", between && "animate-spin")}
        strokeWidth={2.25}
      />
      {label}
    </span>
  );
}
