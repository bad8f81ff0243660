"""The account of a release: n in and n out of each contrast with the reasons, and whether visits lose alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: rows and JSON values

from checks.arithmetic.counts.exact_mcnemar import exact_mcnemar
from qc.items.states import APPROVED, EVIDENCE
from qc.release.several_results import AVERAGED
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from checks.contrasts.plan import Plan

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SetAside(JsonModel):
    """Results that were set aside for one reason."""

    state: str
    """State of the results."""
    reason: str
    """Code of the reason."""
    n: int
    """Results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastCounts(JsonModel):
    """What came in and went out of one contrast."""

    analyte: str
    """Analyte id."""
    matrix: str
    """Matrix."""
    n_in: int
    """Results that came in."""
    n_out: int
    """Results that are released."""
    n_auto: int
    """Of these, approved by rule."""
    n_by_person: int
    """Of these, approved by a person."""
    n_overridden: int
    """Of these, approved over a failure."""
    set_aside: list[SetAside]
    """Results that are not released, by state and reason."""


@dataclass(frozen=True, slots=True)
class LostResults(JsonModel):
    """Subjects that lost a visit for one reason."""

    visit: str
    """``baseline`` or ``followup``."""
    reason: str
    """Why."""
    n: int
    """Subjects."""


@dataclass(frozen=True, slots=True)
class PairCounts(JsonModel):
    """Pairs of one contrast of the plan."""

    n_subjects: int
    """Subjects with any result."""
    n_pairs: int
    """Complete pairs."""
    minimum: int
    """Fewest pairs that the plan asks for."""
    lost: list[LostResults]
    """What was lost, and why."""


@dataclass(frozen=True, slots=True)
class ContrastAccount(JsonModel):
    """What came in and went out of one contrast, with its pairs."""

    json_keys = "*counts pairs"

    counts: ContrastCounts
    """Results."""
    pairs: PairCounts | None
    """Pairs; None if no locked plan names the contrast."""


@dataclass(frozen=True, slots=True)
class LostAlike(JsonModel):
    """Whether two visits lose subjects alike."""

    n_baseline_only: int
    """Subjects with an exclusion at the baseline alone."""
    n_followup_only: int
    """Subjects with an exclusion at the follow-up alone."""
    p_value: float | None
    """Exact two-sided p of McNemar's test; None where nobody differs."""


@dataclass(frozen=True, slots=True)
class ContrastLostAlike(JsonModel):
    """Whether two visits of one contrast lose subjects alike."""

    json_keys = "analyte matrix *lost"

    analyte: str
    """Analyte id."""
    matrix: str
    """Matrix."""
    lost: LostAlike
    """Counts and p."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imbalance(JsonModel):
    """Whether the two visits of the plan lose subjects alike."""

    test: str = "exact McNemar, two-sided"
    """The test."""
    visits: tuple[str, str]
    """Baseline and follow-up."""
    overall: LostAlike
    """Each subject once, however many results of a visit were set aside."""
    contrasts: list[ContrastLostAlike]
    """Each contrast with an exclusion."""


_NO_LOSS = (APPROVED, EVIDENCE, AVERAGED)
"""States of results of which their sample has one that counts."""
COLUMNS = ("analyte", "matrix", "subject", "visit", "state", "approval", "overridden", "reason")
"""Columns of a result that the account looks at."""


def contrast_accounts(rows: Sequence[Row], plan: Plan | None) -> list[dict[str, Any]]:
    """Count what came in and what is released, for each analyte and matrix.

    Parameters
    ----------
    rows : sequence of mapping
        Every result of the study, with ``COLUMNS``.
    plan : Plan or None
        Plan in force, which says what makes a pair; None if none is locked.

    Returns
    -------
    list of dict
        ``analyte``, ``matrix``, ``n_in``, ``n_out``, of these ``n_auto``, ``n_by_person`` and ``n_overridden``;
        ``set_aside`` by state and reason; and, with a plan that names the contrast, ``pairs`` with what was lost and
        why. A contrast of the plan without a result is told with zeros.
    """
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for end in plan.endpoints if plan else ():
        groups[end.analyte, end.matrix] = []
    for row in rows:
        groups[row["analyte"], row["matrix"]].append(row)
    planned = {(end.analyte, end.matrix) for end in plan.endpoints} if plan else set()
    return [
        ContrastAccount(_account(key, own), _pairs(own, plan) if plan and key in planned else None).as_json()
        for key, own in sorted(groups.items())
    ]


def _account(key: tuple[str, str], rows: Sequence[Row]) -> ContrastCounts:
    out = [row for row in rows if row["state"] == APPROVED]
    counts = Counter((row["state"], row["reason"]) for row in rows if row["state"] != APPROVED)
    return ContrastCounts(
        analyte=key[0],
        matrix=key[1],
        n_in=len(rows),
        n_out=len(out),
        n_auto=sum(row["approval"] == "auto" for row in out),
        n_by_person=sum(row["approval"] == "person" for row in out),
        n_overridden=sum(bool(row["overridden"]) for row in out),
        set_aside=[SetAside(state, reason, n) for (state, reason), n in sorted(counts.items())],
    )


def _pairs(rows: Sequence[Row], plan: Plan) -> PairCounts:
    subjects = sorted({row["subject"] for row in rows if row["subject"]})
    by_visit: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_visit[row["subject"] or "", row["visit"] or ""].append(row)
    lost: Counter[tuple[str, str]] = Counter()
    n_pairs = 0
    for subject in subjects:
        visits = {"baseline": plan.baseline, "followup": plan.followup}
        missing = [(name, _why(by_visit[subject, visit])) for name, visit in visits.items()]
        gone = [(name, why) for name, why in missing if why]
        lost.update(gone)
        n_pairs += not gone
    losses = [LostResults(visit, reason, n) for (visit, reason), n in sorted(lost.items())]
    return PairCounts(len(subjects), n_pairs, plan.minimum_pairs, losses)


def _why(rows: Iterable[Row]) -> str:
    found = list(rows)
    if any(row["state"] == APPROVED for row in found):
        return ""
    return f"{found[0]['state']}: {found[0]['reason'] or 'no reason'}" if found else "no result"


def imbalance(rows: Sequence[Row], plan: Plan) -> dict[str, Any]:
    """Ask whether the two visits of the plan lose subjects alike: told to the unblinded, and in the report.

    Parameters
    ----------
    rows : sequence of mapping
        Every result of the study, with ``COLUMNS``.

    Returns
    -------
    dict
        ``test``, ``visits``, ``overall`` and ``contrasts``; of each the subjects with an exclusion at the baseline
        alone and at the follow-up alone, and the exact two-sided p-value of McNemar's test (None where nobody differs).
        Overall a subject counts once, however many results of a visit were set aside.
    """
    visits = (plan.baseline, plan.followup)
    excluded_rows = [row for row in rows if row["state"] not in _NO_LOSS and row["subject"] and row["visit"] in visits]
    keys = sorted({(row["analyte"], row["matrix"]) for row in excluded_rows})
    contrasts = [
        ContrastLostAlike(
            *key, _lost_alike([row for row in excluded_rows if (row["analyte"], row["matrix"]) == key], visits)
        )
        for key in keys
    ]
    return Imbalance(visits=visits, overall=_lost_alike(excluded_rows, visits), contrasts=contrasts).as_json()


def _lost_alike(excluded_rows: Sequence[Row], visits: tuple[str, str]) -> LostAlike:
    first, second = ({row["subject"] for row in excluded_rows if row["visit"] == visit} for visit in visits)
    n_first, n_second = len(first - second), len(second - first)
    return LostAlike(n_first, n_second, exact_mcnemar(n_first, n_second))
