"""Messages of analysers: told by their first bytes, decoded without refusing the control characters of the line."""

from __future__ import annotations

import re
from datetime import datetime

_ASTM = re.compile(rb"\A[\x05\x02\s]*[0-7]?H\|[^\w\s|]{2,5}\|")
_HL7 = re.compile(rb"\A[\x0b\s]*(?:FHS|BHS|MSH)\|[^\w\s|]{3,5}[|\r\n]")
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(?:\.\d+)?(?:[+\-]\d{4})?\Z")


def is_astm(data: bytes) -> bool:
    """Tell whether a file begins with the header record of ASTM E1394 (LIS2-A2), framed or bare."""
    return bool(_ASTM.match(data))


def is_hl7(data: bytes) -> bool:
    """Tell whether a file begins with a header segment of HL7 version 2."""
    return bool(_HL7.match(data))


def is_message(data: bytes) -> bool:
    """Tell whether a file is a message of an analyser or a laboratory system."""
    return is_astm(data) or is_hl7(data)


def message_text(data: bytes) -> str:
    """Decode a message: UTF-8 where the bytes are, else Latin-1, which has a character for every byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def stamp_of(text: str) -> datetime | None:
    """Read the time of a message: ``20230803131717``, seconds, clock, fraction and zone optional.

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
