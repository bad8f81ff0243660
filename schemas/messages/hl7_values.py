"""What the fields of HL7 segments say of a result: its sample, test, value and dilution."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from schemas.messages.hl7_segments import Segment

VALUE_TYPES = frozenset(
    {
        *("AD", "CE", "CF", "CK", "CN", "CNE", "CP", "CWE", "CX", "DR", "DT", "DTM", "FT", "ID", "IS", "MA", "MO"),
        *("NA", "NM", "PN", "SI", "SN", "ST", "TM", "TN", "TS", "TX", "XAD", "XCN", "XON", "XPN", "XTN"),
    }
)
"""Types of a value (OBX-2, table 0125) that is a result."""
_DILUTIONS = (2, 4)  # of TCD: by the instrument, and before it
_RATIO = re.compile(r"[^\d]*(?:(\d+(?:\.\d+)?)\D+)?(\d+(?:\.\d+)?)\D*\Z")


def sample_of(order: Segment | None, specimen: Segment | None) -> str:
    """Return the sample: what the specimen says, else the number of the order of who filled or placed it.

    Parameters
    ----------
    order : Segment or None
        OBR segment of the order; None if there is none.
    specimen : Segment or None
        SPM segment; None if there is none.
    """
    names = [_id_of(specimen.parts(2))] if specimen else []
    names += [order.parts(3)[0], order.parts(2)[0]] if order else []
    return next((name for name in names if name), "")


def _id_of(parts: Sequence[str]) -> str:
    # A pair of identifiers, of who ordered and of who filled; each may have parts of its own, told apart by '&'.
    return next((part.split("&")[0] for part in reversed(parts) if part), "")


def analyte_of(segment: Segment) -> str:
    """Return the test: its text with its LOINC code where it has one, else its text, else its code.

    Parameters
    ----------
    segment : Segment
        OBX segment of a result.
    """
    code, text, system = (*segment.parts(3)[:3], "", "", "")[:3]
    return f"{text} [LOINC {code}]".strip() if system == "LN" and code else text or code


def codes_of(messages: Iterable[Sequence[Segment]]) -> dict[str, tuple[str, ...]]:
    """Return code and text of each test, by the name that it is given here.

    Parameters
    ----------
    messages : iterable of sequence of Segment
        Segments of each message.
    """
    results = [segment for message in messages for segment in message if segment.name == "OBX"]
    return {analyte_of(segment): tuple(segment.parts(3)[:2]) for segment in results}


def text_of(segment: Segment) -> str:
    """Return the value as written; several values in one result are a text, and never one number of them.

    Parameters
    ----------
    segment : Segment
        OBX segment of a result.
    """
    if segment.message.separators[2] in segment.field(5):
        return segment.field(5)
    parts, kind = segment.parts(5), segment.field(2).strip()
    if kind == "SN":  # comparator, number, separator or suffix, number; '=' is what an empty comparator means
        return "".join(["" if parts[0] == "=" else parts[0], *parts[1:4]])
    return parts[0] if kind in ("NM", "CE", "CWE", "CNE") and parts[0] else " ".join(part for part in parts if part)


def dilution_of(segments: Iterable[Segment]) -> float:
    """Return the factor by which the sample was diluted (TCD); 1 where nothing says so.

    Parameters
    ----------
    segments : iterable of Segment
        Segments that belong to a result.
    """
    written = [segment.field(number) for segment in segments if segment.name == "TCD" for number in _DILUTIONS]
    factors = [match for text in written if (match := _RATIO.match(text))]
    found = [float(match[2]) / float(match[1] or 1) for match in factors if float(match[1] or 1) > 0]
    return math.prod(factor for factor in found if factor > 0)
