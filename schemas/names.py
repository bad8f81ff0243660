"""Names as laboratories vary them."""

from __future__ import annotations

import re
import unicodedata

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
