import { Fragment } from "react";
import { revealText } from "@/lib/predictions/reveal-text";

interface PiecesProps {
  text: string;
  reveal: boolean;
  oneLine?: boolean | undefined;
}

/** A text with stand-ins for what has no look of its own. */
export function Pieces({ text, reveal, oneLine = false }: PiecesProps) {
  return revealText(text, reveal, !oneLine).map((piece, index) =>
    piece.mark === null ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place.
      <Fragment key={index}>{piece.text}</Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place.
      <span key={index} title={piece.mark} className="text-accent-ink">
        {piece.text}
      </span>
    ),
  );
}
