"""Messages of analysers: told by their first bytes, decoded without refusing the control characters of the line."""

from __future__ import annotations

import re
from datetime import datetime

from schemas.text_tables.sheet import Row, Sheet

_ASTM = re.compile(rb"\A[\x05\x02\s]*[0-7]?H\|[^\w\s|]{2,5}\|")
_HL7 = re.compile(rb"\A[\x0b\s]*(?:FHS|BHS|MSH)\|[^\w\s|]{3,5}[|\r\n]")
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(?:\.\d+)?(?:[+\-]\d{4})?\Z")


def is_astm(data: bytes) -> bool:
    """Tell whether a file begins with the header record of ASTM E1394 (LIS2-A2), framed or bare.

    Parameters
    ----------
    data : bytes
        The file as it came.
    """
    return bool(_ASTM.match(data))


def is_hl7(data: bytes) -> bool:
    """Tell whether a file begins with a header segment of HL7 version 2.

    Parameters
    ----------
    data : bytes
        The file as it came.
    """
    return bool(_HL7.match(data))


def is_message(data: bytes) -> bool:
    """Tell whether a file is a message of an analyser or a laboratory system.

    Parameters
    ----------
    data : bytes
        The file as it came.
    """
    return is_astm(data) or is_hl7(data)


def message_text(data: bytes) -> str:
    """Decode a message: UTF-8 where the bytes are, else Latin-1, which has a character for every byte.

    Parameters
    ----------
    data : bytes
        The file as it came.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def stamp_of(text: str) -> datetime | None:
    """Read the time of a message: ``20230803131717``, seconds, clock, fraction and zone optional.

    Parameters
    ----------
    text : str
        Digits as messages write a time: year first.

    Returns
    -------
    datetime or None
        Local time of the sender; None if the field holds no such time or one before 1990, which a clock that was
        never set says.

    Examples
    --------
    >>> stamp_of("20230803131717").isoformat()
    '2023-08-03T13:17:17'
    """
    match = _STAMP.match(text.strip())
    if match is None:
        return None
    try:
        time = datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None
    return time if time.year >= 1990 else None


_END_OF_SEGMENT = re.compile(r"\r\n|\r|\n")
_MARKS_OF_THE_LINE = str.maketrans(dict.fromkeys("\x02\x03\x04\x05\x06\x0b\x15\x17\x1c"))
_FRAMES = re.compile(rb"\x17[0-9A-Fa-f]{0,2}[\r\n]*\x02[0-7]|\x02[0-7]|\x03[0-9A-Fa-f]{0,2}")


def message_sheet(data: bytes) -> Sheet:
    """Cut a message into the cells of its account, without asking what they mean.

    Parameters
    ----------
    data : bytes
        The file as it came.

    Returns
    -------
    Sheet
        A row for each segment of HL7, or for each record of ASTM, numbered from 1 as faults number them; a cell for
        each field, the first of them its name. What frames a message on the line is no cell.
    """
    if is_hl7(data):
        lines = _END_OF_SEGMENT.split(message_text(data).translate(_MARKS_OF_THE_LINE))
        word = "segment"
    else:
        text = message_text(_FRAMES.sub(b"", data)).translate(_MARKS_OF_THE_LINE)
        lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
        word = "record"
    rows = tuple(Row(number, tuple(line.split("|"))) for number, line in enumerate(lines, start=1))
    return Sheet("", rows, "|", row_word=word)
