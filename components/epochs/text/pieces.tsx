import { Fragment } from "react";
import { revealText } from "@/lib/predictions/text/reveal-text";

interface PiecesProps {
  text: string;
  reveal: boolean;
  oneLine?: boolean | undefined;
}

/** A text with placeholders for invisible characters. */
export function Pieces({ text, reveal, oneLine = false }: PiecesProps) {
  return revealText(text, reveal, !oneLine).map((piece, index) =>
    piece.name === null ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place.
      <Fragment key={index}>{piece.text}</Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place.
      <span key={index} title={piece.name} className="text-accent-ink">
        {piece.text}
      </span>
    ),
  );
}
