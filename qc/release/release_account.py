"""The account of a release: n in and n out of each contrast with the reasons, and whether visits lose alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: rows and JSON values

from checks.arithmetic.counts.exact_mcnemar import exact_mcnemar
from qc.items.states import APPROVED

if TYPE_CHECKING:
    from checks.contrasts.plan import Plan

Row = Mapping[str, Any]
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
        _account(key, own) | {"pairs": _pairs(own, plan) if plan and key in planned else None}
        for key, own in sorted(groups.items())
    ]


def _account(key: tuple[str, str], rows: Sequence[Row]) -> dict[str, Any]:
    out = [row for row in rows if row["state"] == APPROVED]
    aside = Counter((row["state"], row["reason"]) for row in rows if row["state"] != APPROVED)
    return {
        "analyte": key[0],
        "matrix": key[1],
        "n_in": len(rows),
        "n_out": len(out),
        "n_auto": sum(row["approval"] == "auto" for row in out),
        "n_by_person": sum(row["approval"] == "person" for row in out),
        "n_overridden": sum(bool(row["overridden"]) for row in out),
        "set_aside": [{"state": s, "reason": r, "n": n} for (s, r), n in sorted(aside.items())],
    }


def _pairs(rows: Sequence[Row], plan: Plan) -> dict[str, Any]:
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
    told = [{"visit": visit, "reason": reason, "n": n} for (visit, reason), n in sorted(lost.items())]
    return {"n_subjects": len(subjects), "n_pairs": n_pairs, "minimum": plan.minimum_pairs, "lost": told}


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
    plan : Plan
        Plan in force.

    Returns
    -------
    dict
        ``test``, ``visits``, ``overall`` and ``contrasts``; of each the subjects with an exclusion at the baseline
        alone and at the follow-up alone, and the exact two-sided p-value of McNemar's test (None where nobody differs).
        Overall a subject counts once, however many results of a visit were set aside.
    """
    visits = (plan.baseline, plan.followup)
    aside = [row for row in rows if row["state"] != APPROVED and row["subject"] and row["visit"] in visits]
    keys = sorted({(row["analyte"], row["matrix"]) for row in aside})
    return {
        "test": "exact McNemar, two-sided",
        "visits": list(visits),
        "overall": _lost_alike(aside, visits),
        "contrasts": [
            {"analyte": analyte, "matrix": matrix}
            | _lost_alike([row for row in aside if (row["analyte"], row["matrix"]) == (analyte, matrix)], visits)
            for analyte, matrix in keys
        ],
    }


def _lost_alike(aside: Sequence[Row], visits: tuple[str, str]) -> dict[str, Any]:
    first, second = ({row["subject"] for row in aside if row["visit"] == visit} for visit in visits)
    n_first, n_second = len(first - second), len(second - first)
    p_value = exact_mcnemar(n_first, n_second)
    return {"n_baseline_only": n_first, "n_followup_only": n_second, "p_value": p_value}
