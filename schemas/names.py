"""Names as laboratories vary them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence

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


def did_you_mean(name: str, known: Sequence[str], sentence: str = " Did you mean '{near}'?") -> str:
    """Return a hint at the nearest of the known names.

    Parameters
    ----------
    name : str
        Name as written.
    known : sequence of str
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
    near = difflib.get_close_matches(name, known, 1, 0.6)
    return sentence.format(near=near[0]) if near else ""
