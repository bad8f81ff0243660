"""Words that stand in a result cell in place of a number: the shipped list, with what a laboratory adds to it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

MEANINGS = ("below_loq", "below_lod", "above_uloq", "no_result", "masked")
"""What a word may mean; the keys of ``schemas/words/values.toml``."""
_UNCOUNTED = re.compile(r"[\s.]+")


@dataclass(frozen=True, slots=True)
class ValueWords:
    """Words by what they mean."""

    own: Mapping[str, str] = field(default_factory=dict)
    """Meaning by word, as a laboratory adds it; it wins over the shipped list."""
    _bare: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Strip the words of a laboratory once, since every cell of every file is looked up among them."""
        first_wins = {plain_word(word): meaning for word, meaning in reversed(list(self.own.items()))}
        object.__setattr__(self, "_bare", first_wins)

    def meaning(self, text: str) -> str:
        """Return what a cell means.

        Parameters
        ----------
        text : str
            Cell as written.

        Returns
        -------
        str
            One of ``MEANINGS``; empty if it is no known word.

        Examples
        --------
        >>> words = ValueWords({"spurlos": "below_lod"})
        >>> words.meaning("N.D."), words.meaning("Spurlos"), words.meaning("trace")
        ('below_lod', 'below_lod', '')
        """
        word = plain_word(text)
        return self._bare.get(word, "") or _shipped().get(word, "")


SHIPPED = ValueWords()
"""The shipped words alone."""


def plain_word(text: str) -> str:
    """Return a word without what does not count: case, spaces, dots, and which sign says "or equal".

    Parameters
    ----------
    text : str
        Cell as written.

    Returns
    -------
    str
        The bare word.

    Examples
    --------
    >>> plain_word("N. D."), plain_word("≤ LOD")
    ('nd', '<lod')
    """
    word = _UNCOUNTED.sub("", text.casefold())
    for several, one in (("≤", "<"), ("⩽", "<"), ("≥", ">"), ("⩾", ">"), ("<=", "<"), (">=", ">")):
        word = word.replace(several, one)
    return word


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, str]:
    text = (resources.files("schemas") / "words" / "values.toml").read_text(encoding="utf-8")
    return {plain_word(word): meaning for meaning, words in tomllib.loads(text).items() for word in words}
