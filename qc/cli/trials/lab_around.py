"""The words of the lab around a trial; a trial opens nothing else of a lab, and needs none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.lab_words import LabWords


def lab_words_around() -> LabWords:
    """Return what the lab calls things that QC_LAB names or the working folder lies in; nothing where there is none.

    Returns
    -------
    LabWords
        Words of its ``words.toml``.

    Raises
    ------
    ConfigError
        If the file has faults.
    """
    from qc.lab.layout import LabPaths, find_lab
    from qc.lab.words import lab_words
    from schemas.errors import ConfigError
    from schemas.lab_words import LabWords

    try:
        folder = find_lab(None, os.environ)
    except ConfigError:
        return LabWords()
    return lab_words(LabPaths.of(folder))
