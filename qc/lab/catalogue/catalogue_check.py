"""Check catalogue files: every fault of every file at once."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.catalogue import load_catalogue
from schemas.catalogue_lint import lint
from schemas.errors import ConfigError, Fault


def catalogue_faults(own_texts: Mapping[str, str]) -> list[Fault]:
    """Return what is wrong with the shipped catalogue and a lab's own files laid over it.

    Parameters
    ----------
    own_texts : mapping of str to str
        TOML text by file name.

    Returns
    -------
    list of Fault
        Faults of form (unknown keys, reversed ranges, missing unit or source) if there are any; else faults of sense
        (overlapping, crossing and unreachable limits, methods and analytes that nobody states).
    """
    try:
        catalogue = load_catalogue(own_texts)
    except ConfigError as error:
        return list(error.faults) or [Fault("", error.message)]
    return lint(catalogue)
