"""Decodes the chunked transfer coding of HTTP/1.1."""

from __future__ import annotations


class ChunkedBody:
    """RFC 9112, 7.1. Takes bytes that may be split anywhere."""

    def __init__(self) -> None:
        self.ended = False
        self._rest = b""
        self._left = 0

    def feed(self, data: bytes) -> bytes:
        """The content of these bytes. Raises OSError if they are not chunks."""
        data, content = self._rest + data, []
        self._rest = b""
        while data and not self.ended:
            if self._left > 0:
                piece = data[: self._left]
                content.append(piece)
                data = data[len(piece) :]
                self._left -= len(piece)
                continue
            line, found, rest = data.partition(b"\n")
            if not found:
                self._rest = data
                break
            data = rest
            if line.strip():  # else the line break after a chunk
                try:
                    self._left = int(line.split(b";")[0], 16)
                except ValueError:
                    raise OSError("the stream is not chunked, although its headers say so") from None
                self.ended = self._left == 0
        return b"".join(content)
