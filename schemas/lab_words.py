"""The words of one laboratory: what its files call columns, analytes, units and results, in ``words.toml``.

Left of each equals sign stands what the files write, right what it means here. Nothing is applied that is not written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from schemas.names import plain_name
from schemas.toml_file import read_toml
from schemas.toml_table import Label, Text, TomlTable, Wording
from schemas.value_words import ValueWords


@dataclass(frozen=True, slots=True)
class WideColumn(TomlTable):
    """A column that holds the results of one analyte, one row a sample."""

    analyte: Text
    """Analyte, by its id or a name."""
    unit: Label = ""
    """Unit; empty means that of the header, or of the run."""
    visit: Label = ""
    """Visit, in a table with a column for each visit: the sample is then called ``M01 3``, by subject and visit."""


Meaning = Literal["below_loq", "below_lod", "above_uloq", "no_result", "masked"]
_WORDING = Wording(unknown="'{key}' is not a table of words.toml.{near} Known tables: {known}.")


@dataclass(frozen=True, slots=True)
class LabWords(TomlTable):
    """What a laboratory's own words mean; empty where the shipped ones are enough."""

    columns: Mapping[str, Text] = field(default_factory=dict)
    """Column of ours by header: ``Probe = "sample"``."""
    wide: Mapping[str, Text | WideColumn] = field(default_factory=dict)
    """Analyte by header, in a table with one column an analyte: ``"Ferritin (ng/mL)" = "ferritin"``."""
    words: Mapping[str, Text] = field(default_factory=dict)
    """Word of ours by the word in a cell: ``w = "female"``."""
    values: Mapping[str, Meaning] = field(default_factory=dict)
    """Meaning by word that stands in place of a number: ``spurlos = "below_lod"``."""
    analytes: Mapping[str, Text] = field(default_factory=dict)
    """Analyte id by name: ``"IL-6" = "il6"``."""
    units: Mapping[str, Text] = field(default_factory=dict)
    """Unit by what is written: ``"Einheiten/l" = "U/L"``."""
    matrices: Mapping[str, Text] = field(default_factory=dict)
    """Matrix id by what is written: ``"EDTA plasma" = "plasma"``."""
    blanks: Mapping[str, Literal["as above"]] = field(default_factory=dict)
    """What an empty cell of a column of ours means: ``subject = "as above"``, as below a merged cell."""

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no word."""
        return self == LabWords()

    def over(self, other: LabWords) -> LabWords:
        """Return these words laid over others, which hold where these are silent.

        Parameters
        ----------
        other : LabWords
            Words of the laboratory as a whole.

        Returns
        -------
        LabWords
            Both.
        """
        mine, theirs = asdict_of(self), asdict_of(other)
        return LabWords(**{name: {**theirs[name], **mine[name]} for name in mine})

    @property
    def value_words(self) -> ValueWords:
        """Words that stand in place of a number."""
        return ValueWords(self.values)


def asdict_of(words: LabWords) -> dict[str, Mapping[str, Any]]:
    """Return the tables of words by their names.

    Parameters
    ----------
    words : LabWords
        Words of a laboratory.

    Returns
    -------
    dict of str to mapping
        What stands in each table; Any: an analyte, or a column of one.
    """
    return {one.name: getattr(words, one.name) for one in fields(words)}


def read_lab_words(text: str) -> LabWords:
    """Read the words of a laboratory.

    Parameters
    ----------
    text : str
        Text of its ``words.toml``.

    Returns
    -------
    LabWords
        Its words.

    Raises
    ------
    ConfigError
        If it is no TOML, or with every table and value that is not as declared.
    """
    return read_toml(text, LabWords, "words.toml", wording=_WORDING)


def word_in(words: Mapping[str, str], text: str) -> str:
    """Return what a word of a laboratory means.

    Parameters
    ----------
    words : mapping of str to str
        Meaning by word.
    text : str
        Word as a file writes it; case, spaces, hyphens and accents do not count.

    Returns
    -------
    str
        The meaning; the text itself if the laboratory has not named it.

    Examples
    --------
    >>> word_in({"IL-6": "il6"}, "il 6"), word_in({}, "IL-6")
    ('il6', 'IL-6')
    """
    if not words:
        return text
    name = plain_name(text)
    return next((meaning for word, meaning in words.items() if plain_name(word) == name), text)
