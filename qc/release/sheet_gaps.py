"""Sheets that do not fit each other or the runs: one sentence for each cause, before what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.store.connection import Connection

_MOST_NAMED = 5
"""Codes that a sentence names; the rest is a number."""
# A study that keeps no subject sheet at all lacks no subject.
_SUBJECTS = """
    SELECT s.study, list(DISTINCT s.subject ORDER BY s.subject), count(*)
    FROM latest_results r JOIN latest_samples s USING (study, sample)
        LEFT JOIN latest_subjects u ON u.study = s.study AND u.subject = s.subject
    WHERE u.subject IS NULL AND s.study IN (SELECT study FROM subjects) GROUP BY s.study ORDER BY s.study
"""
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


def sheet_gaps(con: Connection, study: str | None = None) -> list[Fault]:
    """Return where sheets do not fit, with what to do.

    Parameters
    ----------
    study : str or None
        Only what is about this study; None for all.
    """
    return [*_subjects(con, study), *_studies(con, study)]


def _subjects(con: Connection, study: str | None) -> list[Fault]:
    return [
        Fault(
            f"study '{where}'",
            f"{_named(subjects, 'subject')} of the sample sheet {_is(subjects)} not in the subject sheet: sex and year "
            f"of birth behind {n_results} results are not known. Hand in the subject sheet with every subject.",
        )
        for where, subjects, n_results in con.execute(_SUBJECTS).fetchall()
        if study in (None, where)
    ]


def _studies(con: Connection, study: str | None) -> list[Fault]:
    return [
        Fault(
            f"study '{other}'",
            f"The samples of {_named(runs, 'run')} stand in the sample sheet of '{other}', the runs in '{own}': name "
            f'the study in the run sheet (study = "{other}") or as default_study of qc.toml, and hand it in again.',
        )
        for own, other, runs in con.execute(_STUDIES).fetchall()
        if study in (None, own, other)
    ]


def _named(codes: Sequence[str], what: str) -> str:
    shown = ", ".join(codes[:_MOST_NAMED])
    more = f" and {len(codes) - _MOST_NAMED} more" if len(codes) > _MOST_NAMED else ""
    return f"{what if len(codes) == 1 else what + 's'} {shown}{more}"


def _is(codes: Sequence[str]) -> str:
    return "is" if len(codes) == 1 else "are"
