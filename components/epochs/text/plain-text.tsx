import { cn } from "@/components/ui/cn";
import { Pieces } from "./pieces";

interface PlainTextProps {
  text: string;
  reveal?: boolean;
  oneLine?: boolean;
  className?: string;
}

/** Distinguishes an empty text from one of spaces. */
export function EmptyText() {
  return <span className="text-faint italic">empty</span>;
}

/** Any text, on one line or several, isolated in its own direction. */
export function PlainText({ text, reveal = false, oneLine, className }: PlainTextProps) {
  return (
    <bdi dir="auto" className={cn("min-w-0", className)}>
      {text === "" ? <EmptyText /> : <Pieces text={text} reveal={reveal} oneLine={oneLine} />}
    </bdi>
  );
}

/** Maximum length of a text in a table cell. */
const cellCharacters = 240;

/** The start of a text on one line. */
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
