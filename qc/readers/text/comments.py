"""Comments: free text that belongs to a result, and that may name a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]{2,}")
_PERSONAL = re.compile(r"\b(?:mr|mrs|ms|dr|id|name|patient|dob|born|ssn|phone|tel)\b", re.IGNORECASE)


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of texts, in lower case; those of one letter left out."""
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def comment_mark(text: str, where: str, patient_words: frozenset[str] = frozenset(), *, word: str = "comment") -> str:
    """Return a comment as a mark of its result.

    Parameters
    ----------
    text : str
        Comment as written.
    where : str
        Place of the comment.
    patient_words : frozenset of str
        Words of what the file says of the patient.
    word : str
        What the file calls it.

    Returns
    -------
    str
        The comment without commas, which part marks; its place alone where it may name a person; empty for none.
    """
    plain = " ".join(text.replace(",", ";").split())
    if not plain:
        return ""
    if _PERSONAL.search(plain) or words_of([plain]) & patient_words:
        return f"{word} at {where} left aside: it may name a person"
    return f"{word}: {plain}"
