"""Causes as a reviewer sees them: what several items share, how much hangs on it, and what settles it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.shared_cause import SHARE_FLAGGED
from checks.without_entry import ways_on
from schemas.counted import first_of
from schemas.finding import Verdict
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.items.blinded_item import FindingShown

_MOST_NAMED = 6
_PAIR = 2
"""Results that one odd ratio of two analytes, or of two matrices, flags."""
_DILUTIONS = ("calibration.dilution_agreement", "calibration.parallelism")


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
    said_of: str,
    verdict: Verdict,
    items: Sequence[str] = (),
    hints: Sequence[str] = (),
) -> CauseShown:
    """Put a cause into words.

    Parameters
    ----------
    runs : sequence of str
        Names of its runs, the first at least.
    counts : tuple of int
        Its items, and the results that they cover.
    first : sequence of FindingShown
        What holds one of its items, the newest of the gravest, gravest first.
    said_of : str
        Name of the run of that item.
    hints : sequence of str
        Codes that its files write, with the nearest that are known.
    """
    rules = tuple(dict.fromkeys(finding.rule for finding in first))
    names = tuple(sorted(analytes))
    where = f"run {runs[0]}" if n_runs == 1 else f"{n_runs:,} runs"
    sentences = list(dict.fromkeys(_said(finding, names, where, counts) for finding in first[:_MOST_NAMED]))
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
        says=" ".join([*sentences, *_the_others(sentences, first, said_of, where, counts[0])]),
        way_on=" ".join(filter(None, (*hints, _way_on(first[:_MOST_NAMED], names), _of_all(cause, names, rules)))),
        items=tuple(items),
    )


def _said(finding: FindingShown, names: Sequence[str], where: str, counts: tuple[int, int]) -> str:
    group = finding.rule.partition(".")[0]
    if finding.rule == "range.catalogue" and len(names) > 1:
        return f"{len(names)} tests of {where} are in no catalogue: {_listed(names)}."
    if finding.rule == "identity.sample_known":
        return f"{counts[1]:,} results of {where} belong to samples that the sample sheet of their study does not know."
    if finding.rule == "identity.subject_known":
        return f"{counts[1]:,} results of {where} belong to subjects that are not in the subject sheet."
    if group in ("controls", "westgard") and finding.rule not in ("controls.life", "controls.short_lots"):
        return f"The controls of {_listed(names)} do not pass in {where}."
    if finding.rule == "identity.duplicate_result" and counts[0] > 1:
        return f"All {counts[0]:,} results of {_listed(names)} in {where} were measured again, and nobody planned it."
    if finding.rule.endswith(SHARE_FLAGGED) and counts[0] > 1:
        return f"One rule flags so many results of {_listed(names)} that they are doubtful as a whole in {where}."
    if group == "consistency" and counts[0] > _PAIR:
        return f"{counts[0]:,} results of {_listed(names)} do not fit each other in {where}."
    if finding.rule in _DILUTIONS and counts[0] > 1:  # only those of several dilutions in range share a cause
        return f"The dilutions of {counts[0]:,} samples of {_listed(names)} do not agree in {where}."
    return finding.sentence


def _the_others(
    sentences: Sequence[str], first: Sequence[FindingShown], said_of: str, where: str, n_items: int
) -> list[str]:
    is_of_one = any(finding.sentence in sentences for finding in first)
    if n_items == 1 or not is_of_one:
        return []
    return [f"So it is in run {said_of}; the same holds for {n_items - 1:,} more of {where}."]


def _way_on(findings: Sequence[FindingShown], names: Sequence[str]) -> str:
    told = [finding.suggestion for finding in findings if finding.suggestion]
    # What one of several unknown tests can be made is said of each of them.
    of_one = {ways_on([name]) for name in names}
    suggestions = dict.fromkeys(ways_on(names) if one in of_one else one for one in told)
    advised = (finding.guidance.act[0] for finding in findings if finding.guidance and finding.guidance.act)
    return " ".join(suggestions) or next(advised, "")


def _of_all(cause: str, names: Sequence[str], rules: Sequence[str]) -> str:
    if "range.catalogue" not in rules or len(names) < 2:
        return ""
    return f"'qc ignore {cause} --reason ...' does so with all {len(names)}."


def _listed(names: Sequence[str]) -> str:
    return first_of(names, _MOST_NAMED)
