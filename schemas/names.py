"""Names as laboratories vary them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LEAST_LIKENESS = 0.6
"""Share of common letters, by Ratcliff and Obershelp, above which a name is near: the default of Python's difflib."""
_MOST_MARKS = 3  # letters and marks by which two ways to write one code may differ in length
_LOOK_ALIKES = str.maketrans("oilszb", "011528")  # as their capitals look
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa"}


def plain_name(name: str) -> str:
    """Return a name without what laboratories vary: case, spaces, marks, accents and Greek letters.

    Parameters
    ----------
    name : str
        Name as written.

    Returns
    -------
    str
        Lower-case letters and digits.

    Examples
    --------
    >>> plain_name("TNF-α"), plain_name(" Tnf_Alpha")
    ('tnfalpha', 'tnfalpha')
    """
    text = name.replace("\u00ce\u00b1", "α").replace("\u00ce\u00b2", "β")
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(_GREEK.get(letter, letter) for letter in text)
    return re.sub(r"[\W_]+", "", "".join(letter for letter in text if not unicodedata.combining(letter)))


def nearest_name(name: str, known: Iterable[str], *, likeness: float = LEAST_LIKENESS) -> str:
    """Return the nearest of the known names, to be shown and never to be used.

    Parameters
    ----------
    name : str
        Name as written.
    known : iterable of str
        Names that could have been written.
    likeness : float
        Least share of common letters, 0 to 1.

    Returns
    -------
    str
        The nearest one, case left aside; empty if none is near.

    Notes
    -----
    Near is a share of 0.6 of common letters in common order. Names with digits, such as codes of samples, are near
    only if they differ in one place: a letter or digit more, less or another, two that changed places, or marks
    (``J-376`` and ``J376``); or in letters and digits that look alike, however many (``AIO7`` and ``A107``).

    Examples
    --------
    >>> nearest_name("synonims", ["id", "synonyms"]), nearest_name("J-376", ["J376", "J367"])
    ('synonyms', 'J376')
    >>> nearest_name("AIO7", ["A107", "A417"]), nearest_name("O", ["0", "3"])
    ('A107', '0')
    """
    known = list(known)
    as_long = (other for other in known if abs(len(other) - len(name)) <= _MOST_MARKS and other != name)
    look_alikes = [other for other in as_long if _as_seen(other) == _as_seen(name)]
    if len(look_alikes) == 1:
        return look_alikes[0]
    if _is_code(name):
        return _nearest_code(name, known)
    by_folded: dict[str, str] = {}
    for other in known:
        by_folded.setdefault(other.casefold(), other)
    near = nearest_word(name.casefold(), by_folded, likeness=likeness)
    return by_folded[near] if near else ""


def nearest_word(word: str, known: Iterable[str], *, likeness: float = LEAST_LIKENESS) -> str:
    """Return the nearest of the known words, letter by letter as they stand.

    Parameters
    ----------
    word : str
        Word as it is.
    known : iterable of str
        Words to compare it with.
    likeness : float
        Least share of common letters in common order, by Ratcliff and Obershelp, 0 to 1.

    Returns
    -------
    str
        The nearest one; empty if none is near.

    Examples
    --------
    >>> nearest_word("collectdat", ["collectedat", "frozenat"], likeness=0.75)
    'collectedat'
    """
    near = difflib.get_close_matches(word, list(known), 1, likeness)
    return near[0] if near else ""


def _nearest_code(name: str, known: Iterable[str]) -> str:
    plain = plain_name(name)
    alike = [other for other in known if abs(len(other) - len(name)) <= _MOST_MARKS]
    near = [other for other in alike if _is_one_slip(plain, plain_name(other))]
    return min(near, key=lambda other: (plain_name(other) != plain, other), default="")


@lru_cache(maxsize=65_536)
def _as_seen(name: str) -> str:
    return plain_name(name).translate(_LOOK_ALIKES)


def _is_code(name: str) -> bool:
    return any(letter.isdigit() for letter in name)


def _is_one_slip(first: str, second: str) -> bool:
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest_short, rest_long = short[start:], long[start:]
    if len(short) != len(long):
        return rest_short == rest_long[1:]
    is_swap = rest_short[:2] == rest_long[1::-1] and rest_short[2:] == rest_long[2:]
    return rest_short[1:] == rest_long[1:] or is_swap


def is_one_less(short: str, long: str) -> bool:
    """Tell whether one name is another one without one of its letters, the first left aside.

    Parameters
    ----------
    short : str
        Plain name of three letters or more.
    long : str
        Plain name that may have one letter more.

    Returns
    -------
    bool
        False for a name of two letters.

    Examples
    --------
    >>> is_one_less("tbc", "tibc"), is_one_less("psa", "apsa"), is_one_less("ck", "cpk")
    (True, False, False)
    """
    return len(short) > 2 and len(long) == len(short) + 1 and short[0] == long[0] and _is_one_slip(short, long)


def did_you_mean(name: str, known: Iterable[str], sentence: str = " Did you mean '{near}'?") -> str:
    """Return a hint at the nearest of the known names.

    Parameters
    ----------
    name : str
        Name as written.
    known : iterable of str
        Names that could have been written.
    sentence : str
        Hint, with ``{near}`` for the name.

    Returns
    -------
    str
        The hint; empty if nothing is near.

    Examples
    --------
    >>> did_you_mean("synonims", ["id", "synonyms"])
    " Did you mean 'synonyms'?"
    """
    near = nearest_name(name, known)
    return sentence.format(near=near) if near else ""
