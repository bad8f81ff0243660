"""The words of the lab around a trial; a trial opens nothing else of a lab, and needs none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from qc.lab.layout import LabPaths
    from schemas.file_mapping import FileMapping
    from schemas.lab_words import LabWords


def lab_words_around(folder: Path | None = None) -> LabWords:
    """Return what the lab calls things that is named, or QC_LAB names, or the working folder lies in; else nothing.

    Parameters
    ----------
    folder : Path or None
        Folder of the lab, if it was named.

    Returns
    -------
    LabWords
        Words of its ``words.toml``.

    Raises
    ------
    ConfigError
        If the file has faults.
    """
    from qc.lab.words import lab_words
    from schemas.lab_words import LabWords

    paths = _paths_around(folder)
    return lab_words(paths) if paths else LabWords()


def mapping_around(file: Path, folder: Path | None = None) -> FileMapping | None:
    """Return the mapping of that lab that fits a file; None where there is none.

    Parameters
    ----------
    file : Path
        File to be read.
    folder : Path or None
        Folder of the lab, if it was named.

    Raises
    ------
    ConfigError
        If a mapping has faults, or two fit.
    """
    from qc.ingest.mappings.fitting import fitting_name
    from qc.lab.mappings import lab_mappings, mapping_of
    from schemas.errors import ConfigError, ReaderError

    paths = _paths_around(folder)
    texts = lab_mappings(paths) if paths else {}
    if not texts or not file.is_file():
        return None
    try:
        name = fitting_name(file.name, file.read_bytes(), texts)
    except ReaderError as error:
        raise ConfigError(error.message) from error
    return mapping_of(texts[name], name) if name else None


def _paths_around(folder: Path | None) -> LabPaths | None:
    from qc.lab.layout import LabPaths, find_lab
    from schemas.errors import ConfigError

    try:
        return LabPaths.of(find_lab(folder, os.environ))
    except ConfigError:
        if folder is not None:
            raise
        return None
