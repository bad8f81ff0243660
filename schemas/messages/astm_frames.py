"""Records of an ASTM message: frames are put together, their numbers and checksums verified (LIS1-A).

A number that is missing and a checksum that does not hold refuse the file: a damaged frame is to be sent again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from schemas.errors import Fault
from schemas.file_seal import FileSeal, SealState
from schemas.messages.message import message_text

KIND = "ASTM checksums"
"""Name of the seal."""
_FRAME = re.compile(rb"\x02([0-7])([^\x02]*?)([\x03\x17])([0-9A-Fa-f]{2})?")
_BETWEEN = re.compile(rb"[\x04\x05\x06\x15\s]*\Z")
_BEGUN_ANEW = re.compile(rb"[\x04\x05]")
_END_OF_RECORD = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the line protocol."""

    start: int
    """First byte of it in the file."""
    end: int
    """First byte behind it."""
    number: int
    """Number of the frame, 0 to 7."""
    text: bytes
    """What it carries."""
    checksum: str
    """Checksum that it states, two hex digits in capitals; empty if it states none."""
    computed: str
    """Checksum of its bytes: the sum of all behind STX up to ETX or ETB, modulo 256."""

    @classmethod
    def of(cls, match: re.Match[bytes]) -> Frame:
        """Make it of what was found in the file.

        Parameters
        ----------
        match : re.Match of bytes
            One frame as the line wrote it.
        """
        stated = match[4].decode().upper() if match[4] is not None else ""
        computed = f"{sum(match[1] + match[2] + match[3]) % 256:02X}"
        return cls(match.start(), match.end(), int(match[1]), match[2], stated, computed)

    @property
    def begins_a_message(self) -> bool:
        """Whether it carries a header record, with which the numbers may begin anew."""
        return self.number == 1 and self.text.startswith(b"H|")


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
    faults : list of Fault
        Faults so far; those of the frames are added.

    Returns
    -------
    tuple of Record
        Records in order of the file.
    """
    text = message_text(_unframed(data, faults) if b"\x02" in data else data)
    lines = [line for line in _END_OF_RECORD.split(text) if line.strip("\x04\x05\x06 ")]
    return tuple(Record(number, tuple(line.split("|"))) for number, line in enumerate(lines, start=1))


@lru_cache(maxsize=1)
def _frames(data: bytes) -> tuple[Frame, ...]:
    # Its seals and its records are asked for one after the other.
    return tuple(Frame.of(match) for match in _FRAME.finditer(data))


def seals_of_frames(data: bytes) -> tuple[FileSeal, ...]:
    """Recompute the checksum of every frame.

    Parameters
    ----------
    data : bytes
        The file as it came.
    """
    frames = _frames(data)
    checked = [frame for frame in frames if frame.checksum]
    wrong = [sentence for n, frame in enumerate(frames, start=1) for sentence in _changed(n, frame)]
    if not checked:
        return (FileSeal(KIND, SealState.ABSENT, "The message carries no checksums: nothing shows that it is whole."),)
    if wrong:
        return (FileSeal(KIND, SealState.BROKEN, " ".join(wrong)),)
    agreement = (
        f"The checksums of all {len(frames)} frames hold." if len(frames) > 1 else "The checksum of its frame holds."
    )
    return (FileSeal(KIND, SealState.INTACT, f"The seal of the instrument holds. {agreement}"),)


def _changed(n_frame: int, frame: Frame) -> list[str]:
    if frame.checksum == frame.computed:
        return []
    if not frame.checksum:
        return [f"Frame {n_frame} has no checksum, though others have: it changed after the instrument wrote it."]
    said = f"the checksum says {frame.checksum}, the bytes give {frame.computed}"
    return [f"Frame {n_frame} changed after the instrument wrote it: {said}."]


def _unframed(data: bytes, faults: list[Fault]) -> bytes:
    text, end, expected, has_checksums = b"", 0, 1, any(frame.checksum for frame in _frames(data))
    for n_frame, frame in enumerate(_frames(data), start=1):
        between = data[end : frame.start]
        expected = 1 if _BEGUN_ANEW.search(between) or frame.begins_a_message else expected
        faults += _faults_of(frame, n_frame, between, expected)
        faults += [Fault(f"frame {n_frame}", sentence) for sentence in _changed(n_frame, frame) if has_checksums]
        end, expected = frame.end, (frame.number + 1) % 8
        text += frame.text
    if not _BETWEEN.match(data[end:]):
        faults.append(Fault("", "The file ends in the middle of a frame: it was cut off. Fetch it again."))
    return text


def _faults_of(frame: Frame, n_frame: int, between: bytes, expected: int) -> Iterator[Fault]:
    where = f"frame {n_frame}"
    if not _BETWEEN.match(between):
        yield Fault(where, "Bytes stand before this frame that belong to none: a frame is damaged or was cut off.")
    if frame.number != expected:
        yield Fault(where, f"The frame has number {frame.number}; {expected} is expected, so a frame is missing.")
