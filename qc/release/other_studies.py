"""Sheets and runs that speak of different studies: one sentence for each pair of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.decide.code_hints import other_study
from qc.release.named_codes import named_codes
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.store.connection import Connection

_STUDIES = """
    WITH own AS (
        SELECT DISTINCT r.run_id, x.run, r.study, r.sample FROM latest_results r JOIN runs x USING (run_id)
    ), told AS (
        SELECT o.run_id, o.run, o.study, any_value(s.study) AS other
        FROM own o JOIN latest_samples s ON s.sample = o.sample GROUP BY o.run_id, o.run, o.study
        HAVING count(DISTINCT s.study) = 1 AND any_value(s.study) <> o.study
    )
    SELECT study, other, list(run ORDER BY run) FROM told GROUP BY study, other ORDER BY ALL
"""
# Subjects of a study without a subject sheet, whom the sheet of one other study knows, which has no samples itself.
_PEOPLE = """
    SELECT s.study, any_value(u.study), list(DISTINCT s.subject ORDER BY s.subject)
    FROM latest_samples s JOIN latest_subjects u ON u.subject = s.subject
    WHERE s.study NOT IN (SELECT study FROM subjects) AND u.study NOT IN (SELECT study FROM latest_samples)
        AND s.study IN (SELECT study FROM runs)
    GROUP BY s.study HAVING count(DISTINCT u.study) = 1 ORDER BY s.study
"""


def other_studies(con: Connection, study: str | None) -> list[Fault]:
    """Return where runs, samples and subjects do not stand in one study, with what to do.

    Parameters
    ----------
    study : str or None
        Only what is about this study; None for all.
    """
    return [*_of_samples(con, study), *_of_subjects(con, study)]


def _of_samples(con: Connection, study: str | None) -> list[Fault]:
    return [
        Fault(
            f"study '{other}'",
            f"The samples of {named_codes(runs, 'run')} stand in the sample sheet of '{other}', the runs in '{own}'."
            f" {other_study(other)}",
        )
        for own, other, runs in con.execute(_STUDIES).fetchall()
        if study in (None, own, other)
    ]


def _of_subjects(con: Connection, study: str | None) -> list[Fault]:
    return [
        Fault(
            f"study '{other}'",
            f"The subject sheet of {named_codes(subjects, 'subject')} says study '{other}', their samples and runs "
            f"'{own}': sex and year of birth are not known there. If it is one study, hand in the subject sheet again "
            f"with study '{own}', or the others with '{other}'; [lab] default_study names it where nothing else does.",
        )
        for own, other, subjects in con.execute(_PEOPLE).fetchall()
        if study in (None, own, other)
    ]
