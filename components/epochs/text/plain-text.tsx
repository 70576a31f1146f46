import { cn } from "@/components/ui/cn";
import { Pieces } from "./pieces";

interface PlainTextProps {
  text: string;
  reveal?: boolean;
  oneLine?: boolean;
  className?: string;
}

/** What nobody said is told from a text of spaces. */
export function EmptyText() {
  return <span className="text-faint italic">empty</span>;
}

/**
 * A text of whatever kind and script, on one line or several: as text only, in its own direction,
 * and without a say over what stands beside it.
 */
export function PlainText({ text, reveal = false, oneLine, className }: PlainTextProps) {
  return (
    <bdi dir="auto" className={cn("min-w-0", className)}>
      {text === "" ? <EmptyText /> : <Pieces text={text} reveal={reveal} oneLine={oneLine} />}
    </bdi>
  );
}

/** So much of a text is put into one cell of a table. */
const cellCharacters = 240;

/** The beginning of a text on one line. */
export function CellText({ text, reveal = false, className }: PlainTextProps) {
  return (
    <PlainText
      text={text.length > cellCharacters ? `${text.slice(0, cellCharacters)}…` : text}
      reveal={reveal}
      oneLine
      className={cn("truncate whitespace-pre", className)}
    />
  );
}
