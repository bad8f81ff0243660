"""Items: what a person decides on, with names that are short enough to type.

``R12`` is a run, ``R12/ferritin`` an analyte in a run, ``R12.5`` the fifth result of a run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from schemas.errors import ConfigError
from schemas.finding import Finding, Scope

ORDINAL_BITS = 20
"""A result id is the run id shifted left by so many bits, plus the result's ordinal in its run."""

_NAME = re.compile(
    r"R(?P<run>[1-9][0-9]{0,11})(?:/(?P<analyte>[a-z0-9_]+)|\.(?P<ordinal>[1-9][0-9]{0,6}))?\Z", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Item:
    """A run, an analyte in a run, or a result."""

    run_id: int
    """Run it belongs to."""
    analyte: str = ""
    """Analyte id, for an analyte in a run."""
    ordinal: int = 0
    """Ordinal of the result, from 1; 0 for a run or an analyte."""

    @property
    def scope(self) -> str:
        """``run``, ``analyte`` or ``result``."""
        return "result" if self.ordinal else "analyte" if self.analyte else "run"

    @property
    def result_id(self) -> int | None:
        """Id of the result; None for a run or an analyte."""
        return (self.run_id << ORDINAL_BITS) + self.ordinal if self.ordinal else None

    def __str__(self) -> str:
        """Return the name that a person types."""
        if self.ordinal:
            return f"R{self.run_id}.{self.ordinal}"
        return f"R{self.run_id}/{self.analyte}" if self.analyte else f"R{self.run_id}"


def parse_item(name: str) -> Item:
    """Read the name of an item.

    Parameters
    ----------
    name : str
        ``R12``, ``R12/ferritin`` or ``R12.5``.

    Returns
    -------
    Item
        The item; whether it exists is not looked up.

    Raises
    ------
    ConfigError
        If the name has none of these forms.
    """
    found = _NAME.match(name)
    if found is None:
        raise ConfigError(f"'{name}' is not an item. Expected 'R12', 'R12/ferritin' or 'R12.5', as 'qc queue' lists.")
    return Item(int(found["run"]), found["analyte"] or "", int(found["ordinal"] or 0))


def item_of_result(result_id: int) -> Item:
    """Return the item of a result id.

    Parameters
    ----------
    result_id : int
        Run id and ordinal in one number.

    Returns
    -------
    Item
        The result's item.
    """
    return Item(result_id >> ORDINAL_BITS, ordinal=result_id & ((1 << ORDINAL_BITS) - 1))


def item_of_finding(run_id: int, finding: Finding) -> Item:
    """Return the item that a finding holds.

    Parameters
    ----------
    run_id : int
        Run that was judged.
    finding : Finding
        What a rule said.

    Returns
    -------
    Item
        The result, the analyte in the run, or the run itself.
    """
    if finding.scope is Scope.RESULT:
        return Item(run_id, ordinal=int(finding.key["result"]))
    return Item(run_id, analyte=str(finding.key.get("analyte", "")))
