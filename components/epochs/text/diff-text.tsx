import { cn } from "@/components/ui/cn";
import type { DiffPart } from "@/lib/predictions/text/diff-answers";
import { Pieces } from "./pieces";
import { EmptyText } from "./plain-text";

/** Differences from the ground truth are mistakes; those from an earlier answer are changes. */
export type DiffTone = "mistake" | "change";

const added: Record<DiffTone, string> = {
  mistake: "bg-series-2/18 decoration-series-2 underline decoration-2 underline-offset-3",
  change: "bg-series-1/18 decoration-series-1 underline decoration-2 underline-offset-3",
};

interface DiffTextProps {
  parts: readonly DiffPart[];
  tone: DiffTone;
  reveal?: boolean;
  /** Hides the removed parts. */
  addedOnly?: boolean;
  oneLine?: boolean;
  className?: string;
}

/** A diff of two texts; differences are underlined as well as coloured. */
export function DiffText(props: DiffTextProps) {
  const { parts, tone, reveal = false, addedOnly = false, oneLine, className } = props;
  const shown = addedOnly ? parts.filter(({ kind }) => kind !== "removed") : parts;
  return (
    <bdi dir="auto" className={cn("min-w-0", className)}>
      {shown.every(({ kind }) => kind === "removed") ? <EmptyText /> : null}
      {shown.map(({ kind, text }, index) => {
        const pieces = <Pieces text={text} reveal={reveal} oneLine={oneLine} />;
        // biome-ignore-start lint/suspicious/noArrayIndexKey: parts have no identity but their place.
        if (kind === "added") {
          return (
            <ins key={index} className={cn("rounded-xs no-underline", added[tone])}>
              {pieces}
            </ins>
          );
        }
        if (kind === "removed") {
          return (
            <del
              key={index}
              className="rounded-xs bg-active/60 text-muted line-through decoration-1"
            >
              {pieces}
            </del>
          );
        }
        return <span key={index}>{pieces}</span>;
        // biome-ignore-end lint/suspicious/noArrayIndexKey: parts have no identity but their place.
      })}
    </bdi>
  );
}
