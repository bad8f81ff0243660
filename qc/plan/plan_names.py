"""What a plan names and the lab does not know yet: study, visits and analytes, with the nearest that it knows."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from schemas.names import did_you_mean

if TYPE_CHECKING:
    from checks.contrasts.plan import Plan
    from qc.lab.folder import LabFolder

_STUDIES = "SELECT study FROM runs UNION SELECT study FROM latest_samples"
_VISITS = "SELECT DISTINCT visit FROM latest_samples WHERE study = ?"
_ARMS = "SELECT DISTINCT arm FROM latest_subjects WHERE study = ?"
_ANALYTES = "SELECT DISTINCT analyte FROM latest_results WHERE study = ?"


def unknown_names(lab: LabFolder, plan: Plan) -> list[str]:
    """Say what a plan names that no sheet and no result has; a plan may come first, so that nothing is refused.

    Returns
    -------
    list of str
        One sentence for each name; empty where the lab knows nothing yet to hold it against.
    """
    with lab.facts.reading() as con:
        studies, visits, analytes, arms = (
            {name for (name,) in con.execute(sql, values).fetchall() if name}
            for sql, values in (
                (_STUDIES, []),
                (_VISITS, [plan.study]),
                (_ANALYTES, [plan.study]),
                (_ARMS, [plan.study]),
            )
        )
    return [
        *_strangers([plan.study], studies, "Study '{}' has neither samples nor results yet."),
        *_strangers(plan.visits, visits, "Visit '{}' stands in no sample sheet of the study."),
        *_strangers([one.analyte for one in plan.endpoints], analytes, "Analyte '{}' has no result of the study yet."),
        *_strangers(plan.arms, arms, "Arm '{}' stands in no subject sheet of the study."),
    ]


def _strangers(names: Collection[str], known: Collection[str], sentence: str) -> list[str]:
    strangers = [name for name in dict.fromkeys(names) if known and name not in known]
    return [sentence.format(name) + did_you_mean(name, known) for name in strangers]
