"""As much of protobuf's encoding as it takes to drop fields from a message and to add some.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator

_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5  # wire types
_SEVEN_BITS, _MORE = 0x7F, 0x80


def field(kind: int, content: bytes) -> bytes:
    """A field of bytes: a string or a message."""
    return _varint(kind << 3 | _BYTES) + _varint(len(content)) + content


def number(kind: int, value: int) -> bytes:
    """A field of one number."""
    return _varint(kind << 3 | _VARINT) + _varint(value)


def numeral(content: bytes) -> int:
    """The value of a field of one number."""
    return _read_varint(content, 0)[0]


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > _SEVEN_BITS:
        written.append(value & _SEVEN_BITS | _MORE)
        value >>= 7
    return bytes([*written, value])


def fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each field of a message: its number, all its bytes, and its content. Raises ValueError."""
    position = 0
    while position < len(message):
        start = position
        key, position = _read_varint(message, position)
        kind = key & 7
        if kind == _BYTES:
            length, position = _read_varint(message, position)
        elif kind == _VARINT:
            length = _read_varint(message, position)[1] - position
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            length = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise ValueError("not a protobuf message")
        end = position + length
        if end > len(message):
            raise ValueError("the message is cut")
        yield key >> 3, message[start:end], message[position:end]
        position = end


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if position >= len(message):
            raise ValueError("the message is cut")
        byte = message[position]
        value |= (byte & _SEVEN_BITS) << shift
        position, shift = position + 1, shift + 7
        if byte < _MORE:
            return value, position
