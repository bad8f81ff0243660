"""The mapping of a foreign table: what its columns are, in a file of ``mappings/`` that fits others of the same shape.

It fits by content: a file that holds its titles in one header. What it says wins over the words of the laboratory, and
the run sheet of a file wins over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated

from annotated_types import Ge, Le, MinLen

from schemas.errors import ConfigError, Fault
from schemas.headers.column_names import bare
from schemas.lab_words import LabWords, WideColumn
from schemas.names import did_you_mean
from schemas.toml_file import read_toml
from schemas.toml_table import Label, Text, TomlTable, Wording

_WORDING = Wording(unknown="'{key}' is not a key of a mapping.{near} Known keys: {known}.", top="key '{key}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits(TomlTable):
    """The table ``[fits]``: by what a file is known."""

    titles: Annotated[tuple[Text, ...], MinLen(2)]
    """Titles that its header holds, in any order; more columns may stand beside them."""
    header_rows: Annotated[int, Ge(1), Le(3)] = 1
    """Rows of its header; titles of several rows are read as one, a unit below a title as its unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDefaults(TomlTable):
    """The table ``[run]``: what holds where neither the table nor the run sheet says otherwise."""

    study: Label = ""
    """Study."""
    matrix: Label = ""
    """Matrix."""
    analyte: Label = ""
    """Analyte, in a table of one analyte."""
    unit: Label = ""
    """Unit, where no column and no title says it."""
    method: Label = ""
    """Method."""
    platform: Label = ""
    """Instrument family."""
    instrument: Label = ""
    """Instrument."""
    profile: Label = ""
    """Acceptance profile."""

    @property
    def given(self) -> dict[str, str]:
        """What is said, by key."""
        return {key: value for key, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMapping(TomlTable):
    """One mapping."""

    fits: Fits
    """By what a file is known."""
    run: RunDefaults = RunDefaults()
    """What holds where nothing else says otherwise."""
    columns: Mapping[str, Text] = field(default_factory=dict)
    """Column of ours by title."""
    wide: Mapping[str, Text | WideColumn] = field(default_factory=dict)
    """Analyte by title, in a table with one column an analyte."""
    words: Mapping[str, Text] = field(default_factory=dict)
    """Word of ours by the word in a cell."""
    analytes: Mapping[str, Text] = field(default_factory=dict)
    """Analyte id by what the file calls it."""

    @property
    def own_words(self) -> LabWords:
        """What the file calls columns, analytes that have a column each, and words in cells."""
        return LabWords(columns=self.columns, wide=self.wide, words=self.words)


def read_mapping(text: str, name: str) -> FileMapping:
    """Read a mapping.

    Parameters
    ----------
    text : str
        TOML.
    name : str
        Name of its file, for sentences.

    Returns
    -------
    FileMapping
        The mapping.

    Raises
    ------
    ConfigError
        If it is no TOML, or with every key that is not known or stands for a column that the file does not hold.
    """
    mapping = read_toml(text, FileMapping, f"Mapping '{name}'", wording=_WORDING)
    titles = {bare(title): title for title in mapping.fits.titles}
    faults = [
        Fault(
            f"[{table}]", f"'{title}' is none of the titles of [fits].{did_you_mean(title, list(mapping.fits.titles))}"
        )
        for table, keys in (("columns", mapping.columns), ("wide", mapping.wide))
        for title in keys
        if bare(title) not in titles
    ]
    if faults:
        raise ConfigError(f"Mapping '{name}' has faults.", faults)
    return mapping
