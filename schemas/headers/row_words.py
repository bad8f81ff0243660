"""First words of the lines that stand around a table: summaries, signatures, remarks and closing lines."""

from __future__ import annotations

import re

KINDS = (
    (
        "summary",
        re.compile(
            r"(mean|average|mittelwert|sd|s\.d\.|std\.? ?dev\w*|cv|cv ?%|%cv|n|min|max|median|count|total|sum)\b:?\Z",
            re.I,
        ),
    ),
    (
        "signature",
        re.compile(
            r"signed|signature|approved( by)?\b|reviewed( by)?\b|checked( by)?\b|unterschrift|freigegeben|gepr\u00fcft",
            re.I,
        ),
    ),
    ("closing line", re.compile(r"(~|-+ ?)?end\b|ende\b|-+ ?crc|eof\b|copyright|\u00a9|page \d+|seite \d+", re.I)),
    ("remark", re.compile(r"#|//|\*|notes?\b|remarks?\b|comments?\b|bemerkung|hinweis|kommentar|legende?\b", re.I)),
    ("ruling", re.compile(r"[-=_~.+]{3,}\Z")),
)
"""Kind of a line with the pattern of its first cell, the surest first."""


def kind_of_words(first: str) -> str:
    """Return what a line is by its first cell.

    Parameters
    ----------
    first : str
        First cell of the line that is filled.

    Returns
    -------
    str
        ``summary``, ``signature``, ``closing line``, ``remark`` or ``ruling``; empty if it is none.

    Examples
    --------
    >>> kind_of_words("Approved by: A. Person"), kind_of_words("A417")
    ('signature', '')
    """
    return next((kind for kind, pattern in KINDS if pattern.match(first)), "")
