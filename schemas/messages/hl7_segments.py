"""Segments of HL7 version 2 messages, with their place in the file; the library ``hl7`` parses each message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.errors import Fault

if TYPE_CHECKING:
    from hl7 import Message
    from hl7 import Segment as ParsedSegment

FRAMING = "\x0b\x1c"
"""Marks of MLLP around each message: start block and end block."""
ENVELOPE = frozenset({"FHS", "BHS", "BTS", "FTS"})
"""Segments around messages: header and trailer of file and batch."""
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_LEAST_FIELDS = {"OBX": 11, "SPM": 11, "OBR": 10_000}  # status of a result, role of a specimen; an order needs results
_SHORTENED = {"OBX": (17, 19)}  # a method or a time whose end is missing reads as another one


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a message. Field numbers are those of the standard."""

    line: int
    """Number of the segment in the file, counted from 1."""
    message: Message
    """Message it stands in."""
    parsed: ParsedSegment
    """The segment as the library cut it."""

    @property
    def name(self) -> str:
        """Name of the segment: ``OBX``."""
        return str(self.parsed[0])

    @property
    def where(self) -> str:
        """Place of the segment, for a fault."""
        return f"segment {self.line} ({self.name})"

    def field(self, number: int) -> str:
        """Return a field as written.

        Parameters
        ----------
        number : int
            Number of the field, from 1, as the standard counts.

        Returns
        -------
        str
            Text with its marks of parts and repetitions; empty if the segment is shorter.
        """
        return str(self.parsed[number]) if number < len(self.parsed) else ""

    def parts(self, number: int) -> list[str]:
        """Return the components of the first repetition of a field.

        Parameters
        ----------
        number : int
            Number of the field, from 1, as the standard counts.

        Returns
        -------
        list of str
            Components, escapes undone, spaces around them left out; at least one.
        """
        return self.repetitions(number)[0]

    def repetitions(self, number: int) -> list[list[str]]:
        """Return the components of each repetition of a field; at least one of each.

        Parameters
        ----------
        number : int
            Number of the field, from 1, as the standard counts.
        """
        repetition, component = self.message.separators[2], self.message.separators[3]
        return [
            [str(self.message.unescape(part)).strip() for part in one.split(component)]
            for one in self.field(number).split(repetition)
        ]


def written_segments(text: str) -> list[tuple[int, str, bool]]:
    """Return number, text and whether it is ended of every line that is not blank, without the marks of MLLP.

    Parameters
    ----------
    text : str
        Text of the file.
    """
    bare = text.translate({ord(mark): None for mark in FRAMING})
    lines = [(match[1], bool(match[2])) for match in _LINE.finditer(bare)]
    return [(number, line, ended) for number, (line, ended) in enumerate(lines, start=1) if line.strip()]


def segments_of(text: str, faults: list[Fault]) -> tuple[tuple[Segment, ...], ...]:
    """Cut a file into messages and these into segments.

    Parameters
    ----------
    text : str
        Text of the file: one or more messages, with or without envelopes of file and batch, any line end.
    faults : list of Fault
        Faults of the form are added to it; no fault repeats the content of a segment.
    """
    messages: list[list[tuple[int, str]]] = []
    if text.count(FRAMING[0]) != text.count(FRAMING[1]):
        faults.append(Fault("", "A message begins and does not end (MLLP): the file was cut off. Fetch it again."))
    for line, written, is_ended in written_segments(text):
        name = written[:3]
        if name in ENVELOPE:
            continue
        if name == "MSH":
            messages.append([])
        if not messages:
            faults.append(Fault(f"segment {line}", "The segment stands before the header of a message (MSH)."))
        elif not (name.isalnum() and name.isupper()) or len(written) < 4:
            faults.append(
                Fault(f"segment {line}", "The line does not begin with the name of a segment; is it cut off?")
            )
        else:
            messages[-1].append((line, written))
            faults += [] if is_ended or FRAMING[1] in text else _cut_off(line, written)
    return tuple(_parsed(message, faults) for message in messages)


def _cut_off(line: int, written: str) -> list[Fault]:
    name, n_fields = written[:3], written.count("|")
    if n_fields >= _LEAST_FIELDS.get(name, 0) and n_fields not in _SHORTENED.get(name, ()):
        return []
    return [Fault(f"segment {line} ({name})", "The file ends within this segment: it was cut off. Fetch it again.")]


def _parsed(lines: list[tuple[int, str]], faults: list[Fault]) -> tuple[Segment, ...]:
    import hl7

    try:
        message = hl7.parse("\r".join(written for _, written in lines))
    except (hl7.HL7Exception, ValueError, IndexError, KeyError):
        faults.append(Fault(f"segment {lines[0][0]} (MSH)", "The message cannot be parsed as HL7 version 2."))
        return ()
    return tuple(Segment(line, message, parsed) for (line, _), parsed in zip(lines, message, strict=True))
