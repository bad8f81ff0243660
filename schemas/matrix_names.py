"""What a sample may be: the matrices that biomarker laboratories measure in, by all that they are called."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from schemas.names import plain_name


def matrix_named(name: str) -> str:
    """Return the id of a matrix as written, whether an analyte has limits for it or not.

    Parameters
    ----------
    name : str
        Matrix as written; case, spaces, hyphens and accents do not count.

    Returns
    -------
    str
        Id; empty if it is no word for a matrix.

    Examples
    --------
    >>> matrix_named("K2-EDTA plasma"), matrix_named("Liquor"), matrix_named("ferritin")
    ('plasma_edta', 'csf', '')
    """
    return matrices_by_name().get(plain_name(name), "")


@lru_cache(maxsize=1)
def matrices_by_name() -> Mapping[str, str]:
    """Return the shipped matrices.

    Returns
    -------
    mapping of str to str
        Id by plain name.
    """
    text = (resources.files("schemas") / "words" / "matrices.toml").read_text(encoding="utf-8")
    return {plain_name(word): matrix for matrix, words in tomllib.loads(text).items() for word in (matrix, *words)}
