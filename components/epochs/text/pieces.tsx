import { Fragment } from "react";
import { revealText } from "@/lib/predictions/reveal-text";

/** A text with stand-ins for what has no look of its own. */
export function Pieces({ text, reveal }: { text: string; reveal: boolean }) {
  return revealText(text, reveal).map((piece, index) =>
    piece.mark === null ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place.
      <Fragment key={index}>{piece.text}</Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place.
      <span key={index} title={piece.mark} className="text-accent-ink/70">
        {piece.text}
      </span>
    ),
  );
}
