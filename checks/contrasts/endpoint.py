"""An endpoint of the family: one analyte in one matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge

from schemas.toml_table import STRIPPED, Says, Text, TomlTable


@dataclass(frozen=True, slots=True, order=True)
class Endpoint(TomlTable):
    """One analyte in one matrix."""

    analyte: Annotated[Text, STRIPPED, Says("'analyte' is missing or no text.")]
    """Id of the analyte: ``tnf_alpha``."""
    matrix: Annotated[Text, STRIPPED, Says("'matrix' is missing or no text.")]
    """Matrix: ``serum`` or ``csf``."""
    gate: Annotated[int, Ge(1), Says("Gate '{value}' is out of range: a whole number of 1 or more is expected.")] = 1
    """Family under ``gatekeeping``: it is tested only if every contrast of all lower ones held."""
