"""Writes event files in TensorBoard's format, for the tests."""

from __future__ import annotations

import struct
from typing import List

from signalbox.integrations.event_files import masked_crc32c


def record(event: bytes) -> bytes:
    """TFRecord framing."""
    head = struct.pack("<Q", len(event))
    sums = [struct.pack("<I", masked_crc32c(part)) for part in (head, event)]
    return head + sums[0] + event + sums[1]


def event(step: int, values: List[bytes], seconds: float = 1_700_000_000.5) -> bytes:
    """An Event with a Summary."""
    summary = b"".join(_bytes(1, value) for value in values)
    return b"\x09" + struct.pack("<d", seconds) + b"\x10" + varint(step) + _bytes(5, summary)


def simple(tag: str, value: float) -> bytes:
    """A Value as TensorFlow 1 and PyTorch write it."""
    return _bytes(1, tag.encode()) + b"\x15" + struct.pack("<f", value)


def tensor(tag: str, value: float, plugin: str = "scalars") -> bytes:
    """A Value as TensorFlow 2 writes it."""
    content = b"\x08\x01" + _bytes(2, b"") + _bytes(4, struct.pack("<f", value))
    return _bytes(1, tag.encode()) + _bytes(8, content) + _bytes(9, _bytes(1, _bytes(1, plugin.encode())))


def version() -> bytes:
    """The first record of every file."""
    return record(b"\x09" + struct.pack("<d", 1.0) + _bytes(3, b"brain.Event:2"))


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _bytes(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


