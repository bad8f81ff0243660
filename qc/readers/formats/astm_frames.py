"""Records of an ASTM message: frames are put together, and each checksum and frame number is verified (LIS1-A)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qc.readers.text.message import message_text
from schemas.errors import Fault

_FRAME = re.compile(rb"\x02([0-7])([^\x02]*?)([\x03\x17])([0-9A-Fa-f]{2})?")
_BETWEEN = re.compile(rb"[\x04\x05\x06\x15\s]*\Z")
_END_OF_RECORD = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Record:
    """One record, cut at the field delimiter of its header."""

    line: int
    """Number of the record in the file, counted from 1."""
    fields: tuple[str, ...]
    """Fields; the first is the type of the record."""

    def field(self, number: int) -> str:
        """Return a field by its number in the standard.

        Parameters
        ----------
        number : int
            Number, counted from 1 for the type of the record.

        Returns
        -------
        str
            Field as written; empty if the record is shorter.
        """
        return self.fields[number - 1] if number <= len(self.fields) else ""

    @property
    def where(self) -> str:
        """Place of the record, for a fault."""
        return f"record {self.line}"


def records_of(data: bytes, faults: list[Fault]) -> tuple[Record, ...]:
    """Cut a file into records.

    Parameters
    ----------
    data : bytes
        Content of the file, framed as captured from the line or one bare record a line.

    Returns
    -------
    tuple of Record
        Records in order of the file.
    """
    text = message_text(_unframed(data, faults) if b"\x02" in data else data)
    lines = [line for line in _END_OF_RECORD.split(text) if line.strip("\x04\x05\x06 ")]
    return tuple(Record(number, tuple(line.split("|"))) for number, line in enumerate(lines, start=1))


def _unframed(data: bytes, faults: list[Fault]) -> bytes:
    text, end, expected = b"", 0, 1
    for n_frame, frame in enumerate(_FRAME.finditer(data), start=1):
        faults += _faults_of(frame, n_frame, data[end : frame.start()], expected)
        end, expected = frame.end(), (int(frame[1]) + 1) % 8
        if b"\x04" in data[end : end + 4]:
            expected = 1
        text += frame[2]
    if not _BETWEEN.match(data[end:]):
        faults.append(Fault("", "The file ends in the middle of a frame: it was cut off. Fetch it again."))
    return text


def _faults_of(frame: re.Match[bytes], n_frame: int, between: bytes, expected: int) -> Iterator[Fault]:
    where = f"frame {n_frame}"
    if not _BETWEEN.match(between):
        yield Fault(where, "Bytes stand before this frame that belong to none: a frame is damaged or was cut off.")
    if int(frame[1]) not in (expected, 1):
        yield Fault(where, f"The frame has number {int(frame[1])}; {expected} is expected, so a frame is missing.")
    if frame[4] is None:
        yield Fault(where, "The frame has no checksum.")
        return
    found, computed = frame[4].decode().upper(), f"{sum(frame[1] + frame[2] + frame[3]) % 256:02X}"
    if found != computed:
        yield Fault(where, f"The checksum is '{found}', but the bytes of the frame give '{computed}'.")
