"""What a later result of a message does to an earlier one of the same sample and test: corrects or withdraws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any  # Any: a row of the table ``reported``

from schemas.errors import Fault
from schemas.result_marks import CORRECTS, REPLACED, WITHDRAWN

CORRECTING = "corrects"
"""What a result does that corrects an earlier one."""
DELETING, CALLING_WRONG = "deleted", "wrong"
"""What a line does that withdraws an earlier result: as its sender puts it."""


@dataclass(frozen=True, slots=True)
class MessageResult:
    """One result of a message, with what its sender says of it."""

    row: dict[str, Any]
    """Row of the table ``reported``, without its flag."""
    where: str
    """Place, for a fault."""
    key: tuple[str, ...]
    """What it is a result of: sample, test, and which of several."""
    act: str = ""
    """What it does to an earlier result: ``corrects``, ``deleted`` or ``wrong``; empty for nothing."""
    marks: list[str] = field(default_factory=list)
    """Marks of the instrument and its system."""

    def as_row(self) -> dict[str, Any]:
        """Return the row with its marks, each once, as its flag."""
        return self.row | {"flag": ", ".join(dict.fromkeys(mark for mark in self.marks if mark))}


def settled_rows(results: Sequence[MessageResult], faults: list[Fault]) -> list[dict[str, Any]]:
    """Mark what is corrected or withdrawn, and what corrects it.

    Parameters
    ----------
    results : sequence of MessageResult
        Results in order of the file.
    faults : list of Fault
        A result that withdraws one of another file is added to it.

    Returns
    -------
    list of dict
        Rows of the table ``reported``; one that only withdraws another gives no row of its own.
    """
    results_by_key: dict[tuple[str, ...], MessageResult] = {}
    reported: list[MessageResult] = []
    for result in results:
        former = results_by_key.get(result.key)
        if result.act in (DELETING, CALLING_WRONG):
            faults += _withdrawn(result, former)
            results_by_key.pop(result.key, None)
            continue
        if result.act == CORRECTING:
            _correct(result, former)
        results_by_key[result.key] = result
        reported.append(result)
    return [result.as_row() for result in reported]


def _withdrawn(result: MessageResult, former: MessageResult | None) -> list[Fault]:
    if former is None:
        text = f"It says that an earlier result is {result.act}, and this file does not hold that. Correct that run."
        return [Fault(result.where, text)]
    former.marks.append(f"{WITHDRAWN} in line {result.row['line']}")
    return []


def _correct(result: MessageResult, former: MessageResult | None) -> None:
    if former is None:
        result.marks.append(f"{CORRECTS} an earlier result that this file does not hold")
        return
    former.marks.append(f"{REPLACED} {_place_of(result)}")
    result.marks.append(f"{CORRECTS} {_place_of(former)}")


def _place_of(result: MessageResult) -> str:
    text = str(result.row["text"]).replace(",", ".")
    return f"'{text}' in line {result.row['line']}"
