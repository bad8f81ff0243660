"""First words of the lines that stand around a table: summaries, signatures, remarks and closing lines."""

from __future__ import annotations

import re

KINDS = (
    (
        "summary",
        re.compile(
            r"(mean|average|mittelwert|moyenne|media|promedio|sd|s\.d\.|sem|std\.? ?dev\w*|standard deviation|"
            r"standardabweichung|[eé]cart.type|cv|vk|n|min|max|median|count|total|sum|summe)\b ?%?:?\Z|%cv\Z",
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


_STATISTIC = re.compile(
    r"(mean|average|mittelwert|moyenne|promedio|std\.? ?dev\w*|standard deviation|standardabweichung|[eé]cart.type|"
    r"cv ?%|% ?cv|total|summe)\b ?%?:?\Z|% ?cv\Z|cv ?%\Z",
    re.IGNORECASE,
)
"""Words of a summary that are never the name of a sample; SD, CV and N may be somebody's initials."""


def is_statistic(first: str) -> bool:
    """Tell whether the first cell of a line can only be a word for a statistic over other lines.

    Parameters
    ----------
    first : str
        First cell of the line that is filled.

    Returns
    -------
    bool
        True for a mean, a standard deviation or a total.

    Examples
    --------
    >>> is_statistic("Mean"), is_statistic("%CV"), is_statistic("SD")
    (True, True, False)
    """
    return bool(_STATISTIC.match(first))


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
