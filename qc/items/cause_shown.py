"""Causes as a reviewer sees them: what several items share, how much hangs on it, and what settles it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.finding import Verdict
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.items.blinded_item import FindingShown

_MOST_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseShown(JsonModel):
    """One cause that several items wait for."""

    json_keys = "cause study verdict rules n_items n_results n_runs run analytes says way_on items"

    cause: str
    """Name to type; it stands for all that wait for it."""
    study: str
    """Study."""
    verdict: Verdict
    """Gravest verdict of its items."""
    rules: tuple[str, ...]
    """Rules that hold them, gravest first."""
    n_items: int
    """How many items wait for it."""
    n_results: int
    """How many results they cover."""
    n_runs: int
    """In how many runs."""
    run: str
    """Name of the first run."""
    analytes: tuple[str, ...]
    """Analytes or names of tests that it is about."""
    says: str
    """What it is."""
    way_on: str
    """What settles it; empty if nothing is known."""
    items: tuple[str, ...] = ()
    """Names of its items; empty where they were only counted."""

    @property
    def where(self) -> str:
        """Name of its run, or how many there are."""
        return self.run if self.n_runs == 1 else f"{self.n_runs:,} runs"


def worded(
    *,
    cause: str,
    study: str,
    runs: Sequence[str],
    n_runs: int,
    analytes: Sequence[str],
    counts: tuple[int, int],
    first: Sequence[FindingShown],
    verdict: Verdict,
    items: Sequence[str] = (),
) -> CauseShown:
    """Put a cause into words.

    Parameters
    ----------
    runs : sequence of str
        Names of its runs, the first at least.
    counts : tuple of int
        Its items, and the results that they cover.
    first : sequence of FindingShown
        What holds the first of its items, gravest first.
    """
    rules = tuple(dict.fromkeys(finding.rule for finding in first))
    names = tuple(sorted(analytes))
    where = f"run {runs[0]}" if n_runs == 1 else f"{n_runs:,} runs"
    says = " ".join(dict.fromkeys(_said(finding, names, where, counts) for finding in first[:_MOST_NAMED]))
    return CauseShown(
        cause=cause,
        study=study,
        verdict=verdict,
        rules=rules,
        n_items=counts[0],
        n_results=counts[1],
        n_runs=n_runs,
        run=runs[0],
        analytes=names,
        says=says,
        way_on=" ".join(dict.fromkeys(f.suggestion for f in first[:_MOST_NAMED] if f.suggestion)),
        items=tuple(items),
    )


def _said(finding: FindingShown, names: Sequence[str], where: str, counts: tuple[int, int]) -> str:
    group = finding.rule.partition(".")[0]
    if finding.rule == "range.catalogue" and len(names) > 1:
        return f"{len(names)} tests of {where} are in no catalogue: {_listed(names)}."
    if finding.rule == "identity.sample_known":
        return f"{counts[1]:,} results of {where} belong to samples that are in no sample sheet."
    if group in ("controls", "westgard") and finding.rule not in ("controls.life", "controls.short_lots"):
        return f"The controls of {_listed(names)} do not pass in {where}."
    more = f" The same holds for {counts[0] - 1:,} more of {where}." if counts[0] > 1 else ""
    return f"{finding.sentence}{more}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
