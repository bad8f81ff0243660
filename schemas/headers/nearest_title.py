"""The known title nearest to one that is not known: told to a person, never applied."""

from __future__ import annotations

import re
from collections.abc import Mapping

from schemas.headers.column_names import bare
from schemas.names import nearest_word

_LEAST_LIKENESS = 0.75
"""Share of letters in common, in order, below which two titles are not near."""
_LEAST_PART = 4
"""Letters of a word that must be the same for a title to be near by its part."""
_PARTS = re.compile(r"[^\W\d_]+")


def nearest_title(title: str, titles: Mapping[str, str]) -> str:
    """Return the known title that is nearest.

    Parameters
    ----------
    title : str
        Title of a column as the file writes it.
    titles : mapping of str to str
        Title by each bare word for it.

    Returns
    -------
    str
        Title; empty if none is near.

    Examples
    --------
    >>> nearest_title("collectd_at", {"collectedat": "collected_at", "frozenat": "frozen_at"})
    'collected_at'
    >>> nearest_title("Date collected", {"frozenat": "frozen_at", "collectedat": "collected_at"})
    'collected_at'
    >>> nearest_title("colour", {"collectedat": "collected_at"})
    ''
    """
    near = nearest_word(bare(title), titles, likeness=_LEAST_LIKENESS)
    if near:
        return titles[near]
    parts = _parts(title)
    return next((name for name in sorted(set(titles.values())) if parts & _parts(name)), "")


def _parts(title: str) -> set[str]:
    return {part for part in _PARTS.findall(title.casefold()) if len(part) >= _LEAST_PART}
