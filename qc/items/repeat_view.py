"""What counts of several results of one sample, as a blinded reviewer sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.items.names import name_of_result
from qc.store.frames import first_row
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.items.names import Item
    from qc.store.connection import Connection

_CHOICE = "SELECT role, policy, value, why FROM latest_repeats WHERE result_id = ?"
_MEMBERS = """
    SELECT r.result_id, s.run, r.value, r.unit, r.censor, r.censor_limit, r.decimals, r.dilution, p.role
    FROM latest_results own JOIN latest_results r
        ON (r.study, r.sample, r.analyte, r.matrix) = (own.study, own.sample, own.analyte, own.matrix)
        JOIN run_states s ON s.run_id = r.run_id LEFT JOIN latest_repeats p ON p.result_id = r.result_id
    WHERE own.result_id = ? ORDER BY r.dilution, r.result_id
"""
DECIDED = "by decision"
"""Role and policy of a result where decisions leave one at most to choose from."""


@dataclass(frozen=True, slots=True)
class RepeatShown(JsonModel):
    """One of several results of a sample."""

    item: str
    """Name of the result."""
    run: str
    """Name of its run."""
    value: str
    """Result as it would be reported."""
    dilution: float
    """Dilution that is already in the value."""
    role: str
    """``reported``, ``averaged``, ``evidence``, ``replaced`` or ``by decision``."""


@dataclass(frozen=True, slots=True)
class RepeatsShown(JsonModel):
    """What counts of several results of one sample and analyte."""

    role: str
    """What the result that is shown is among them; ``by decision`` where people have left no choice."""
    policy: str
    """Policy that chose."""
    why: str
    """What was chosen and why."""
    value: float | None
    """Number of the sample: that of the reported result, or the mean; None where there is none."""
    members: tuple[RepeatShown, ...]
    """All of them, by dilution."""

    @property
    def lines(self) -> list[str]:
        """Return it as lines for a person."""
        rows = [f"{one.role:<10} {one.item:<8} {one.value} (1:{one.dilution:g}, run {one.run})" for one in self.members]
        return [f"{self.role}: {self.why}", *(f"  {row}" for row in rows)]


def repeats_shown(con: Connection, item: Item) -> RepeatsShown | None:
    """Return what counts beside a result; None for a sample with one result, and for a run or an analyte."""
    if item.result_id is None:
        return None
    rows = con.execute(_MEMBERS, [item.result_id]).fetchall()
    if len(rows) < 2:
        return None
    why = f"Which of {len(rows)} results of the sample counts was decided: all others are rejected or to be repeated."
    choice = first_row(con, _CHOICE, [item.result_id]) or (DECIDED, DECIDED, None, why)
    return RepeatsShown(choice[0], choice[1], choice[3], choice[2], tuple(_member(*row) for row in rows))


def _member(
    result_id: int,
    run: str,
    value: float | None,
    unit: str,
    censor: str,
    limit: float | None,
    decimals: int,
    dilution: float,
    role: str | None,
) -> RepeatShown:
    number = limit if censor else value
    words = "no number" if number is None else f"{censor}{number:.{decimals}f} {unit}"
    return RepeatShown(name_of_result(result_id), run, words, dilution, role or DECIDED)
