"""A dilution as a laboratory writes it: a factor, a part, or a word for none."""

from __future__ import annotations

import re

from schemas.written_number import number_as_written

_NONE = frozenset({"neat", "undiluted", "not diluted", "no dilution", "none", "pure", "unverdünnt", "pur", "non dilué",
                   "sin diluir", "non diluito", "onverdund"})  # fmt: skip
_TIMES = re.compile(r"(?:x|×|dil(?:uted)?)\s*(\S+)|(\S+?)\s*(?:x|×|[- ]?fold|[- ]?fach|times)", re.IGNORECASE)
_PART = re.compile(r"1\s*(?:/|in)\s*(\S+)", re.IGNORECASE)
_ADDED = re.compile(r"1\s*\+\s*(\S+)")
_RATIO = re.compile(r"1\s*:\s*([0-9]+)\Z")


def dilution_as_written(text: str, mark: str) -> float | None:
    """Read a dilution.

    Parameters
    ----------
    text : str
        Cell as written.
    mark : str
        Decimal mark of the file, ``.`` or ``,``.

    Returns
    -------
    float or None
        Factor above 0 by which the sample was diluted, without unit; None for anything else. A ratio (``1:10``) is
        None, since some mean one part in ten by it and others one part and ten of diluent.

    Examples
    --------
    >>> [dilution_as_written(text, ".") for text in ("10", "10x", "1/10", "1+9", "neat", "1:10")]
    [10.0, 10.0, 10.0, 10.0, 1.0, None]
    """
    bare = text.strip()
    if bare.casefold() in _NONE:
        return 1.0
    added, other = _ADDED.fullmatch(bare), _PART.fullmatch(bare) or _TIMES.fullmatch(bare)
    written = next(filter(None, (added or other).groups()), "") if added or other else bare  # type: ignore[union-attr]
    number = number_as_written(written, mark)
    factor = None if number is None else number + 1 if added else number
    return factor if factor is not None and factor > 0 else None


def dilution_hint(text: str) -> str:
    """Say how a dilution that cannot be read is to be written.

    Parameters
    ----------
    text : str
        Cell as written.

    Examples
    --------
    >>> dilution_hint("1:10")
    "Dilution '1:10' can be read two ways: write 10 for one part in ten, 11 for one part and ten of diluent."
    >>> dilution_hint("?")
    "'?' is no dilution: expected a factor above 0 such as 10, 10x, 1/10 or 1+9, or neat."
    """
    ratio = _RATIO.fullmatch(text.strip())
    if ratio is None:
        return f"'{text.strip()}' is no dilution: expected a factor above 0 such as 10, 10x, 1/10 or 1+9, or neat."
    n = int(ratio[1])
    parts = {10: "ten", 100: "a hundred", 1000: "a thousand"}.get(n, str(n))
    ways = f"write {n} for one part in {parts}, {n + 1} for one part and {parts} of diluent."
    return f"Dilution '{text.strip()}' can be read two ways: {ways}"
