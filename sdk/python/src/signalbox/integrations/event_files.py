"""
Reads TensorBoard's event files without TensorBoard: TFRecord framing with masked CRC-32C, and the fields of
the Event message (tensorflow/core/util/event.proto, framework/summary.proto) that scalars need.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional, Tuple, Union

MAX_RECORD_BYTES = 1 << 30

Field = Tuple[int, Union[int, bytes]]


class Scalar(NamedTuple):
    """A value of a series; `ms` since 1970; `end` is the file offset after its record."""

    tag: str
    step: int
    value: float
    ms: int
    end: int


class DamagedFile(Exception):
    """The rest of the file cannot be read, because a record length is damaged."""


def _crc_table() -> List[int]:
    table = []
    for number in range(256):
        for _ in range(8):
            number = (number >> 1) ^ (0x82F63B78 if number & 1 else 0)
        table.append(number)
    return table


_TABLE = _crc_table()


def crc32c(data: bytes) -> int:
    """CRC-32C (Castagnoli)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def masked_crc32c(data: bytes) -> int:
    """CRC-32C in the masked form of TFRecord."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def read_scalars(path: Path, offset: int) -> Iterator[Scalar]:
    """
    Scalars from `offset` to the last complete record. Raises DamagedFile. Skips records whose content
    does not match the checksum.
    """
    with open(path, "rb") as file:
        while True:
            file.seek(offset)
            head = file.read(12)
            if len(head) < 12:
                return
            length, check = struct.unpack("<QI", head)
            if masked_crc32c(head[:8]) != check or length > MAX_RECORD_BYTES:
                raise DamagedFile(f"{path} is damaged at byte {offset}")
            body = file.read(length + 4)
            if len(body) < length + 4:
                return
            offset += 12 + length + 4
            event = body[:length]
            # Images and graphs are large and not needed: only records with a scalar are checked.
            found = list(_scalars(event, offset))
            if found and masked_crc32c(event) == struct.unpack("<I", body[length:])[0]:
                yield from found


def _scalars(event: bytes, end: int) -> Iterator[Scalar]:
    seconds, step, summaries = 0.0, 0, []
    try:
        for number, value in fields(event):
            if number == 1 and isinstance(value, bytes):
                seconds = struct.unpack("<d", value)[0]
            elif number == 2 and isinstance(value, int):
                step = value
            elif number == 5 and isinstance(value, bytes):
                summaries.append(value)
        for summary in summaries:
            for number, value in fields(summary):
                if number == 1 and isinstance(value, bytes):
                    scalar = _value(value)
                    if scalar is not None and step < 1 << 53:
                        yield Scalar(scalar[0], step, scalar[1], int(seconds * 1000), end)
    except (ValueError, struct.error, IndexError, OverflowError):
        return


def _value(data: bytes) -> Optional[Tuple[str, float]]:
    tag, number_found, plugin = "", None, None
    for number, value in fields(data):
        if not isinstance(value, bytes):
            continue
        if number == 1:
            tag = value.decode("utf-8", "replace")
        elif number == 2:
            number_found = struct.unpack("<f", value)[0]
        elif number == 8:
            number_found = _tensor(value)
        elif number == 9:
            plugin = _plugin(value)
    if number_found is None or not tag or plugin not in (None, "", "scalars"):
        return None
    return tag, float(number_found)


_CONTENT = {1: "<f", 2: "<d", 3: "<i", 9: "<q"}
_LISTS = {5: "<f", 6: "<d"}


def _tensor(data: bytes) -> Optional[float]:
    """The number in a tensor with one element; None for other tensors."""
    kind, found, count = 0, None, 0
    for number, value in fields(data):
        if number == 1 and isinstance(value, int):
            kind = value
        elif number == 2 and isinstance(value, bytes) and value:
            # A shape with dimensions is a scalar only if each is 1.
            dimensions = [item for field, item in fields(value) if field == 2 and isinstance(item, bytes)]
            sizes = [size for item in dimensions for field, size in fields(item) if field == 1]
            if any(size != 1 for size in sizes):
                return None
        elif number == 4 and isinstance(value, bytes) and kind in _CONTENT:
            if len(value) == struct.calcsize(_CONTENT[kind]):
                found, count = struct.unpack(_CONTENT[kind], value)[0], 1
        elif number in _LISTS and isinstance(value, bytes):
            if len(value) == struct.calcsize(_LISTS[number]):
                found, count = struct.unpack(_LISTS[number], value)[0], count + 1
        elif number in (7, 10):
            raw = value if isinstance(value, int) else _varint(value, 0)[0]
            found, count = raw - (1 << 64) if raw >> 63 else raw, count + 1
    return float(found) if found is not None and count == 1 else None


def _plugin(data: bytes) -> str:
    for number, value in fields(data):
        if number == 1 and isinstance(value, bytes):
            for inner, name in fields(value):
                if inner == 1 and isinstance(name, bytes):
                    return name.decode("utf-8", "replace")
    return ""


def fields(data: bytes) -> Iterator[Field]:
    """The fields of a protobuf message: varints as int, everything else as bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value
            continue
        if wire == 2:
            size, at = _varint(data, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise ValueError("unknown wire type")
        if at + size > len(data):
            raise ValueError("a field exceeds its message")
        yield number, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> Tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
        shift += 7
        if shift > 63:
            raise ValueError("a varint is too long")
