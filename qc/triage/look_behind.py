"""What stands behind the mask of one finding, as lines for a screen: the look is recorded before anything is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qc.decide.unblind import Unblinded, unblind

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


def look_behind(lab: LabFolder, item: str, *, reason: str, actor: str | None = None) -> tuple[int, list[str]]:
    """Look behind the mask of one item.

    Returns
    -------
    tuple
        Number of the entry that tells of the look, and what stands behind the mask, line by line.

    Raises
    ------
    RightsError
        If the person may not unblind.
    """
    (told,) = unblind(lab, [item], reason=reason, actor=actor)
    return told.seq, list(_lines(told))


def _lines(one: Unblinded) -> Iterator[str]:
    yield f"sample {one.sample}, subject {one.subject or 'not known'}, visit {one.visit or 'not known'}, {one.matrix}"
    yield from (f"{finding.verdict.value}  {finding.rule}: {finding.sentence}" for finding in one.findings)
    for other in one.others:
        number = f"{other.value:g}" if other.value is not None else "no number"
        yield f"visit {other.visit}: {other.item}  {other.censor}{number} {other.unit}"
