"use client";

import { type ReactNode, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { formatInteger } from "@/lib/format/number";
import { cutParts, type DiffLevel, diffAnswers } from "@/lib/predictions/text/diff-answers";
import { countInvisible } from "@/lib/predictions/text/reveal-text";
import { foldText, formatJson } from "@/lib/predictions/text/text-shape";
import { DiffText, type DiffTone } from "./diff-text";
import { PlainText } from "./plain-text";

interface LongTextProps {
  text: string;
  /** Names the text in its buttons' labels, such as “prompt”. */
  label: string;
  reveal: boolean;
  /** Highlights differences from another text. */
  against?: { text: string; tone: DiffTone; level: DiffLevel } | null;
  className?: string;
}

/** Length of a collapsed text. */
const folded = 600;

/** A text that is collapsed while long, can be formatted as JSON, diffed and copied. */
export function LongText({ text, label, reveal, against = null, className }: LongTextProps) {
  const [open, setOpen] = useState(false);
  const [formatted, setFormatted] = useState(false);
  const json = useMemo(() => formatJson(text), [text]);
  const asJson = formatted && json !== null;
  const shown = asJson ? json : text;
  const invisible = useMemo(() => countInvisible(text), [text]);
  const { body, hidden } = useBody(shown, open, reveal, against, asJson);
  const long = hidden > 0 || open;

  return (
    <div className={cn("group/text min-w-0", className)}>
      <div className="flex items-start gap-1">
        <div
          className={cn(
            "min-w-0 flex-1 font-mono text-xs leading-5 break-words whitespace-pre-wrap",
            open && "max-h-120 overflow-auto overscroll-contain",
          )}
        >
          {body}
        </div>
        <CopyButton
          value={text}
          label={`Copy ${label}`}
          className="-my-0.5 size-6 opacity-0 group-focus-within/text:opacity-100 group-hover/text:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
        />
      </div>
      {long || json !== null || invisible > 0 ? (
        <div className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-2xs text-faint">
          {long ? (
            <TextButton onClick={() => setOpen(!open)}>
              {open ? "Show less" : `Show ${formatInteger(hidden)} more characters`}
            </TextButton>
          ) : null}
          {json !== null ? (
            <TextButton onClick={() => setFormatted(!formatted)}>
              {formatted ? "Show original JSON" : "Format JSON"}
            </TextButton>
          ) : null}
          {invisible > 0 && !reveal ? (
            <span className="nums">{formatInteger(invisible)} invisible characters</span>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function TextButton({ children, onClick }: { children: ReactNode; onClick: () => void }) {
  return (
    <Button variant="ghost" size="sm" className="-ml-1.5 h-6 px-1.5 text-2xs" onClick={onClick}>
      {children}
    </Button>
  );
}

/** The text or its diff, and the number of hidden characters. */
function useBody(
  text: string,
  open: boolean,
  reveal: boolean,
  against: NonNullable<LongTextProps["against"]> | null,
  asJson: boolean,
): { body: ReactNode; hidden: number } {
  const other = against?.text ?? null;
  const level = against?.level ?? "words";
  const parts = useMemo(() => {
    if (other === null) return null;
    return diffAnswers(asJson ? (formatJson(other) ?? other) : other, text, level);
  }, [other, text, level, asJson]);
  const most = open ? Number.POSITIVE_INFINITY : folded;
  if (parts && against) {
    // Collapsing a little would save less space than the button takes.
    const cut = cutParts(parts, most);
    const { parts: shown, hidden } = cut.hidden < folded / 10 ? { parts, hidden: 0 } : cut;
    return { body: <DiffText parts={shown} tone={against.tone} reveal={reveal} />, hidden };
  }
  const { shown, hidden } = open ? { shown: text, hidden: 0 } : foldText(text);
  return {
    body: (
      <>
        <PlainText text={shown} reveal={reveal} />
        {other !== null ? (
          <span className="block text-2xs text-faint">Too long or too different to highlight.</span>
        ) : null}
      </>
    ),
    hidden,
  };
}
