"""What a trial knows of words in place of numbers: the options for their bounds, and the words of the lab around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qc.cli.options import Command
from qc.cli.trials.lab_around import lab_words_around

if TYPE_CHECKING:
    from schemas.value_words import ValueWords

_OPTIONS = (
    ("--uloq", "Limit of words such as '>ULOQ' or 'OVRFLW', where no column states it."),
    ("--lod", "Limit of words such as 'ND' or '<LOD', where no column states it."),
    ("--lloq", "Limit of words such as 'BLQ' or 'OOR <', where no column states it."),
)


def bound_options(body: Command) -> Command:
    """Give a trial the options ``--lloq``, ``--lod`` and ``--uloq``.

    Parameters
    ----------
    body : callable
        Body of the command; takes them by their names.

    Returns
    -------
    callable
        The body.
    """
    for name, text in _OPTIONS:
        body = click.option(name, type=float, default=None, help=text)(body)
    return body


def words_around() -> ValueWords:
    """Return the words of the lab that the working folder lies in, or that QC_LAB names; else the shipped ones.

    Returns
    -------
    ValueWords
        What words mean that stand in place of a number.

    Raises
    ------
    ConfigError
        If ``words.toml`` of that lab has faults.
    """
    return lab_words_around().value_words
