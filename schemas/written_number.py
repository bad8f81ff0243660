"""One number as a laboratory writes it: thousands parted, signs and powers of other keyboards; never guessed."""

from __future__ import annotations

import math
import re

USUAL = re.compile(r"[+\-]?[0-9]{1,15}(?:\.[0-9]{0,15})?\Z")
"""What most cells look like: digits, perhaps with a point; it is read without looking further."""
_SIGNS = str.maketrans({"\u2212": "-", "\ufe63": "-", "\uff0d": "-", "\ufe62": "+", "\uff0b": "+"})
_POWERS = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u207a", "0123456789-+")
_GAPS = " \u00a0\u2009\u202f\u2007'\u2019"
"""What parts thousands and nothing else: spaces of any width, apostrophes."""
_OTHER = {".": ",", ",": "."}
_TIMES_TEN = re.compile(
    r"\s?[x\u00d7*\u00b7]\s?10(?:\^([+\-]?[0-9]{1,3})|([\u2070\u00b9\u00b2\u00b3\u2074-\u207b]+))\Z"
)
_EQUALS = re.compile(r"=\^?\s*(?=[+\-.,0-9])")


def _pattern(mark: str) -> re.Pattern[str]:
    own, other = re.escape(mark), re.escape(_OTHER[mark])
    gap = f"(?P<gap>[{_GAPS}])[0-9]{{3}}(?:(?P=gap)[0-9]{{3}})*(?:{own}[0-9]*)?"
    # One group behind the other mark could as well be decimals (1,204): only a mark of its own kind behind it, or a
    # second group, shows that it parts thousands.
    parted = f"(?:{other}[0-9]{{3}})+{own}[0-9]*|(?:{other}[0-9]{{3}}){{2,}}"
    plain = f"[0-9]+(?:{own}[0-9]*)?|{own}[0-9]+"
    return re.compile(rf"[+\-]?(?:{plain}|[1-9][0-9]{{0,2}}(?:{gap}|{parted}))(?:[eE][+\-]?[0-9]{{1,4}})?\Z")


_NUMBERS = {mark: _pattern(mark) for mark in _OTHER}
_TWO_WAYS = re.compile(r"[+\-]?[1-9][0-9]{0,2}[.,][0-9]{3}\Z")


def plain_signs(text: str) -> str:
    """Return a cell without outer spaces, with the minus of every keyboard as ``-`` and a power of ten behind ``e``.

    Parameters
    ----------
    text : str
        Cell as written.

    Returns
    -------
    str
        The cell; an equals sign before a number, the comparator that may be left out, is dropped.

    Examples
    --------
    >>> plain_signs(" \u22121.5 \u00d7 10\u00b3"), plain_signs("=^118")
    ('-1.5e3', '118')
    """
    bare = text.strip().translate(_SIGNS)
    power = _TIMES_TEN.search(bare)
    if power:
        bare = f"{bare[: power.start()]}e{power[1] or power[2].translate(_POWERS)}"
    return _EQUALS.sub("", bare, count=1) if bare.startswith("=") else bare


def number_as_written(text: str, mark: str) -> float | None:
    """Read a number.

    Parameters
    ----------
    text : str
        Cell as written.
    mark : {'.', ','}
        Decimal mark of the file.

    Returns
    -------
    float or None
        Finite number; None where the cell is none, or where it can be read two ways.

    Notes
    -----
    Thousands are parted by spaces of any width or apostrophes, or by the other mark where it cannot be a decimal one:
    with the decimal mark behind it, or twice. ``1,204`` alone is never read with a decimal point.

    Examples
    --------
    >>> number_as_written("1.204,5", ","), number_as_written("1'204.5", "."), number_as_written("1,204", ".")
    (1204.5, 1204.5, None)
    """
    if USUAL.match(text) and (mark == "." or "." not in text):
        return float(text)
    bare = plain_signs(text)
    if not _NUMBERS[mark].match(bare):
        return None
    plain = re.sub(f"[{_GAPS}{re.escape(_OTHER[mark])}]", "", bare).replace(mark, ".")
    number = float(plain)
    has_vanished = number == 0 and any(digit in "123456789" for digit in re.split("[eE]", plain)[0])
    return None if has_vanished or not math.isfinite(number) else number


def parts_thousands(text: str, mark: str) -> bool:
    """Tell whether a cell is a number whose thousands are parted by something else than nothing.

    Parameters
    ----------
    text : str
        Cell as written.
    mark : {'.', ','}
        Decimal mark of the file.

    Returns
    -------
    bool
        True if whoever reads the number should be told how it was read.

    Examples
    --------
    >>> parts_thousands("1.204,5", ","), parts_thousands("204,5", ",")
    (True, False)
    """
    if USUAL.match(text):
        return False
    bare = plain_signs(text)
    has_parts = any(gap in bare for gap in (*_GAPS, _OTHER[mark]))
    return has_parts and number_as_written(text, mark) is not None


def two_ways(text: str) -> str:
    """Say how a number that can be read two ways is to be written.

    Parameters
    ----------
    text : str
        Cell as written.

    Returns
    -------
    str
        A sentence; empty if the cell is no such number.

    Examples
    --------
    >>> two_ways("1,204")
    "'1,204' can be read two ways: write 1204 or 1.204."
    """
    bare = plain_signs(text).lstrip("<>=\u2264\u2265 ")
    if not _TWO_WAYS.match(bare):
        return ""
    return f"'{text.strip()}' can be read two ways: write {re.sub('[.,]', '', bare)} or {bare.replace(',', '.')}."
