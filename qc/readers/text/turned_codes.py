"""Codes that look like something else than was typed: a date or a decimal of a spreadsheet, letters that look alike."""

from __future__ import annotations

import re
import unicodedata

_MONTHS = "Jan|Feb|Mar|M\u00e4r|Mrz|Apr|May|Mai|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez"
_DATE = re.compile(rf"[0-9]{{1,2}}[-. ]{{1,2}}({_MONTHS})([-. ][0-9]{{2,4}})?\Z|({_MONTHS})[- ][0-9]{{2}}\Z")
"""``2-Mar``, ``02. Mrz``, ``Mar-02``: how a spreadsheet shows the codes 2-3, MAR2 and MARCH2."""
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00(:00)?)?|[0-9]{1,2}([./])[0-9]{1,2}\4[0-9]{4})\Z")
_ERROR = re.compile(
    r"(#(n/a|nv|ref|value|wert|name|num|zahl|null|div/0|spill|calc)[!?]?|true|false|wahr|falsch)\Z", re.IGNORECASE
)
_DECIMAL = re.compile(r"[0-9]+[.,]0\Z")
_GREEK_CAPITALS = frozenset("\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7")
"""Capitals that look like Latin ones; a small alpha, as in TNF-alpha, does not."""

DATE = "the code looks like a date: spreadsheets make dates of codes such as 2-3 and MAR2"
DECIMAL = "the code ends in '.0' as where a program took a code for a number"
ERROR = "the code is what a spreadsheet writes for an error or an answer (#N/A or TRUE)"
UNSEEN = "the code holds a full-width or invisible character or a non-breaking blank"
MIXED = "the code mixes letters of two alphabets that look alike"


def turned_code(code: str, *, beside_latin: bool = False) -> str:
    """Return what makes a code look like something else than was typed.

    Parameters
    ----------
    code : str
        Code of a sample, a person or a material, as the cell holds it.
    beside_latin : bool
        Whether other codes of its column are written in Latin letters.

    Returns
    -------
    str
        Clause that names no code; empty for a plain one.

    Examples
    --------
    >>> turned_code("2-Mar") == DATE, turned_code("12.0") == DECIMAL, turned_code("A\\u00a0417") == UNSEEN
    (True, True, True)
    >>> turned_code("\\u0410417A") == MIXED, turned_code("MAR-02"), turned_code("1e5"), turned_code("M\\u00fcller-3")
    (True, '', '', '')
    """
    if _DATE.match(code) or _MIDNIGHT.match(code):
        return DATE
    if _ERROR.match(code):
        return ERROR
    if _DECIMAL.match(code):
        return DECIMAL
    is_hidden = any(unicodedata.category(letter) in ("Cf", "Cc") for letter in code)
    if is_hidden or unicodedata.normalize("NFKC", code) != unicodedata.normalize("NFC", code):
        return UNSEEN
    is_latin = beside_latin or any(letter.isascii() and letter.isalpha() for letter in code)
    return MIXED if is_latin and any(_is_foreign(letter) for letter in code) else ""


def _is_foreign(letter: str) -> bool:
    return letter in _GREEK_CAPITALS or (letter.isalpha() and "CYRILLIC" in unicodedata.name(letter, ""))
