"""Who was measured, visit by visit: sex and age of the subjects of a release, counted and never listed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any  # Any: JSON values

import numpy as np

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection

_PEOPLE = """
    SELECT s.subject, s.visit, coalesce(u.sex, '') AS sex, u.birth_year, min(s.collected_at) AS collected_at,
        coalesce(u.arm, '') AS arm
    FROM latest_samples s LEFT JOIN latest_subjects u ON s.study = u.study AND s.subject = u.subject
    WHERE s.study = ? GROUP BY ALL
"""


def subjects_by_visit(con: Connection, approved: pl.DataFrame, study: str) -> list[dict[str, Any]]:
    """Count the subjects with a released result by sex, and summarise their age.

    Parameters
    ----------
    approved : DataFrame
        Released results, with ``subject`` and ``visit``.

    Returns
    -------
    list of dict
        For each visit, in the order of their names: ``visit``, ``n_subjects``, ``sex`` (subjects by sex; without one
        under ``not_recorded``) and ``age_years`` (``n``, ``median``, ``q1``, ``q3``), the year of the first collection
        of the visit minus the year of birth. Subjects without either year are not in ``n``; None if nobody is. Where
        the subject sheet names arms, ``arms`` has the same for each.
    """
    measured = set(approved.select("subject", "visit").drop_nulls().iter_rows())
    people = [row for row in con.execute(_PEOPLE, [study]).fetchall() if (row[0], row[1]) in measured]
    visits = sorted({str(row[1]) for row in people})
    return [_with_arms(visit, [row[2:] for row in people if row[1] == visit]) for visit in visits]


def _with_arms(visit: str, people: list[tuple[str, int | None, datetime | None, str]]) -> dict[str, Any]:
    arms = sorted({arm for *_, arm in people if arm})
    counted = _visit(visit, [person[:3] for person in people])
    if not arms:
        return counted
    return counted | {"arms": {arm: _visit(visit, [one[:3] for one in people if one[3] == arm]) for arm in arms}}


def _visit(visit: str, people: list[tuple[str, int | None, datetime | None]]) -> dict[str, Any]:
    ages = [float(at.year - born) for _, born, at in people if born is not None and at is not None]
    sexes = Counter(sex or "not_recorded" for sex, *_ in people)
    counts: dict[str, Any] = {"visit": visit, "n_subjects": len(people), "sex": dict(sorted(sexes.items()))}
    if not ages:
        return counts | {"age_years": None}
    q1, median, q3 = (float(value) for value in np.quantile(ages, (0.25, 0.5, 0.75)))
    return counts | {"age_years": {"n": len(ages), "median": median, "q1": q1, "q3": q3}}
