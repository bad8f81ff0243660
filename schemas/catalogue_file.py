"""Catalogue files: parts of a TOML tree, with every fault collected."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any  # TOML trees hold what their author wrote

from schemas.errors import Fault
from schemas.finding import Limit

STATUSES = ("confirmed", "unconfirmed", "proposed")
"""How far a number may be trusted."""
ANALYTE_KEYS = ("id", "name", "synonyms", "molar_mass", "methods", "relations", "matrices")
MATRIX_KEYS = (
    "unit",
    "units",
    "unit_means",
    "decimals",
    "loinc",
    "tubes",
    "notes",
    "applicability",
    "ranges",
    "limits",
)
RANGE_KEYS = ("name", "low", "high", "unit", "source", "status", "method", "sex", "age_from", "age_to")
LIMIT_KEYS = ("name", "value", "unit", "source", "status", "method", "sex", "age_from", "age_to")
NUMBER_KEYS = ("value", "unit", "source", "status")

Tree = Mapping[str, Any]


@dataclass(slots=True)
class TreeReader:
    """Read parts of a TOML tree and collect what is wrong with them."""

    faults: list[Fault] = field(default_factory=list)
    """Every fault so far."""

    def fault(self, where: str, text: str) -> None:
        """Note one fault.

        Parameters
        ----------
        where : str
            Place a person can find.
        text : str
            Full sentence.
        """
        self.faults.append(Fault(where, text))

    def keys(self, tree: Tree, known: Sequence[str], where: str) -> None:
        """Fault every key that is not known, with the nearest known one.

        Parameters
        ----------
        tree : mapping
            Table of the file.
        known : sequence of str
            Keys that may stand there.
        where : str
            Place a person can find.
        """
        for key in tree:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, 1, 0.6)
                hint = f" Did you mean '{near[0]}'?" if near else ""
                self.fault(where, f"Key '{key}' is not known.{hint} Known keys: {', '.join(known)}.")

    def table(self, tree: Tree, key: str, where: str) -> Tree:
        """Return a table of a table.

        Parameters
        ----------
        tree : mapping
            Table of the file.
        key : str
            Key in it.
        where : str
            Place a person can find.

        Returns
        -------
        mapping
            Empty if it is absent, or something else, which is a fault.
        """
        value = tree.get(key, {})
        if isinstance(value, Mapping):
            return value
        self.fault(where, f"Key '{key}' is '{value}'; a table was expected.")
        return {}

    def tables(self, tree: Tree, key: str, where: str) -> list[Tree]:
        """Return an array of tables.

        Parameters
        ----------
        tree : mapping
            Table of the file.
        key : str
            Key in it.
        where : str
            Place a person can find.

        Returns
        -------
        list of mapping
            Empty if it is absent, or something else, which is a fault.
        """
        value = tree.get(key, [])
        if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
            return list(value)
        self.fault(where, f"Key '{key}' is '{value}'; an array of tables was expected.")
        return []

    def text(self, tree: Tree, key: str, where: str, *, is_needed: bool = False) -> str:
        """Return a text.

        Parameters
        ----------
        tree : mapping
            Table of the file.
        key : str
            Key in it.
        where : str
            Place a person can find.
        is_needed : bool
            True if an empty text is a fault.

        Returns
        -------
        str
            Empty if it is absent, or something else, which is a fault.
        """
        value = tree.get(key, "")
        if not isinstance(value, str):
            self.fault(where, f"Key '{key}' is '{value}'; a text was expected.")
            return ""
        if is_needed and not value.strip():
            self.fault(where, f"Key '{key}' is missing or empty; a text was expected.")
        return value

    def texts(self, tree: Tree, key: str, where: str) -> tuple[str, ...]:
        """Return a list of texts.

        Parameters
        ----------
        tree : mapping
            Table of the file.
        key : str
            Key in it.
        where : str
            Place a person can find.

        Returns
        -------
        tuple of str
            Empty if it is absent, or something else, which is a fault.
        """
        value = tree.get(key, [])
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return tuple(value)
        self.fault(where, f"Key '{key}' is '{value}'; a list of texts was expected.")
        return ()

    def number(self, tree: Tree, key: str, where: str) -> float | None:
        """Return a finite number.

        Parameters
        ----------
        tree : mapping
            Table of the file.
        key : str
            Key in it.
        where : str
            Place a person can find.

        Returns
        -------
        float or None
            None if it is absent, or something else, which is a fault.
        """
        value = tree.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.fault(where, f"Key '{key}' is '{value}'; a finite number was expected.")
            return None
        return float(value)

    def status(self, tree: Tree, where: str) -> str:
        """Return the status of a number.

        Parameters
        ----------
        tree : mapping
            Table of the file.
        where : str
            Place a person can find.

        Returns
        -------
        str
            As written; anything but the three known ones is a fault.
        """
        status = self.text(tree, "status", where)
        if status not in STATUSES:
            self.fault(where, f"Key 'status' is '{status}'; expected one of {', '.join(STATUSES)}.")
        return status

    def limit(self, name: str, tree: Tree, value: float, where: str) -> Limit:
        """Return a limit with its unit, source and status.

        Parameters
        ----------
        name : str
            Name of the limit.
        tree : mapping
            Table of the file.
        value : float
            The number.
        where : str
            Place a person can find.

        Returns
        -------
        Limit
            Each of the three is needed; a missing one is a fault.
        """
        unit = self.text(tree, "unit", where, is_needed=True)
        source = self.text(tree, "source", where, is_needed=True)
        return Limit(name, value, unit, source, self.status(tree, where))
