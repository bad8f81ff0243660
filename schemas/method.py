"""Methods: which may be used for an analyte in a matrix, and why others may not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import MinLen

from schemas.curve_names import CurveModel, CurveWeight
from schemas.finding import Status
from schemas.json_model import JsonModel
from schemas.toml_table import Checked, Text, TomlTable, Tree


def method_id(text: str) -> str:
    """Return the id of a method as written: lower case, words joined by underscores.

    Parameters
    ----------
    text : str
        Method as written: ``ICP-MS``.

    Returns
    -------
    str
        Id: ``icp_ms``; empty for an empty text.

    Examples
    --------
    >>> method_id(" ICP-MS ")
    'icp_ms'
    """
    return re.sub(r"[^0-9a-z]+", "_", text.casefold()).strip("_")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedMethod(TomlTable):
    """One method of an analyte, as the table under its id states it."""

    name: Text
    """Name that people read."""
    platform: Text
    """Instrument family or kind of assay."""
    kit: str = ""
    """Kit or reagent; empty if any."""
    matrices: Annotated[tuple[str, ...], MinLen(1)]
    """Matrices that it is stated for."""
    curve_model: CurveModel | Literal[""] = ""
    """Standard curve of its runs; empty if nothing is stated."""
    curve_weight: CurveWeight | Literal[""] = ""
    """Weight that the curve is fitted with; empty if nothing is stated."""
    source: Text
    """Where it comes from."""
    status: Status
    """``confirmed``, ``unconfirmed`` or ``proposed``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method(StatedMethod, JsonModel):
    """One method of an analyte; what it can measure stands in the limits of each matrix that name it."""

    json_keys = "id name platform kit matrices curve_model curve_weight source status"

    id: str
    """Id: ``hs_elisa``."""


def _ids(methods: tuple[str, ...], before: Tree) -> tuple[str, ...]:
    return tuple(map(method_id, methods))


MethodIds = Annotated[tuple[str, ...], Checked(_ids)]
"""Methods by id, however they were written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicability(TomlTable):
    """Which methods may be used for one analyte in one matrix."""

    only: MethodIds = ()
    """Methods that may be used; empty means all but ``never``. With a list, a run without a method is refused too."""
    never: MethodIds = ()
    """Methods that must not be used."""
    sentence: str = ""
    """Why."""
    source: str = ""
    """Where it comes from."""
    status: Status = "unconfirmed"
    """``confirmed``, ``unconfirmed`` or ``proposed``."""

    def sentence_for(self, method: str) -> str:
        """Return why a method must not be used, or an empty text if it may.

        Parameters
        ----------
        method : str
            Method as written; empty if unknown.

        Returns
        -------
        str
            Full sentence, or empty.
        """
        known = method_id(method)
        is_refused = known in self.never or (bool(self.only) and known not in self.only)
        return self.sentence if is_refused else ""
