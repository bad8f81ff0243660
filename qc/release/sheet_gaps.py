"""Sheets that do not fit each other or the runs: one sentence for each cause, before what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qc.decide.code_hints import at_lines, codes_of
from qc.release.named_codes import MOST_NAMED, is_or_are, named_codes
from qc.release.other_studies import other_studies
from schemas.errors import Fault
from schemas.names import nearest_name

if TYPE_CHECKING:
    from qc.store.connection import Connection

# Where another study knows a sample, the study of the run is wrong, and no sheet is missing.
_SAMPLES = """
    SELECT r.study, x.run, any_value(f.file_name), list(DISTINCT r.sample ORDER BY r.sample),
        list(DISTINCT r.line ORDER BY r.line), count(*)
    FROM latest_results r JOIN runs x USING (run_id) LEFT JOIN sources f USING (source_id)
    WHERE r.sample NOT IN (SELECT sample FROM samples) GROUP BY r.study, r.run_id, x.run ORDER BY r.study, r.run_id
"""
# A study that keeps no subject sheet at all lacks no subject.
_SUBJECTS = """
    SELECT s.study, list(DISTINCT s.subject ORDER BY s.subject), count(*)
    FROM latest_results r JOIN latest_samples s USING (study, sample)
        LEFT JOIN latest_subjects u ON u.study = s.study AND u.subject = s.subject
    WHERE u.subject IS NULL AND s.subject <> '' AND s.study IN (SELECT study FROM subjects)
    GROUP BY s.study ORDER BY s.study
"""
_PEOPLE = """
    SELECT DISTINCT subject FROM latest_subjects u WHERE study = ? AND NOT EXISTS (
        SELECT 1 FROM latest_samples s WHERE s.study = u.study AND s.subject = u.subject)
"""
# A control without a target is told by the rules; here only which line of the sheet it may be a slip of.
_LOTS = """
    SELECT DISTINCT s.study, s.run, c.material, c.level, c.lot
    FROM control_results c JOIN run_states s USING (run_id, assessment_id)
    WHERE NOT s.is_superseded AND (c.material, c.level, c.lot) NOT IN (SELECT (material, level, lot) FROM controls)
    ORDER BY ALL
"""


def sheet_gaps(con: Connection, study: str | None = None) -> list[Fault]:
    """Return where sheets do not fit, with what to do.

    Parameters
    ----------
    study : str or None
        Only what is about this study; None for all.
    """
    return [*_samples(con, study), *_subjects(con, study), *_controls(con, study), *other_studies(con, study)]


def _samples(con: Connection, study: str | None) -> list[Fault]:
    return [
        Fault(
            f"study '{where}'",
            f"{named_codes(samples, 'sample')} of run {run} ({at_lines(file, lines)}) {is_or_are(samples)} "
            f"in no sample sheet: {_results(n_results)}."
            f"{_nearest(codes_of(con, where), samples)} Hand in the sample sheet, or correct the code in "
            "the file and hand it in again.",
        )
        for where, run, file, samples, lines, n_results in con.execute(_SAMPLES).fetchall()
        if study in (None, where)
    ]


def _results(n_results: int) -> str:
    return "its result waits" if n_results == 1 else f"{n_results} results wait"


def _nearest(known: Sequence[str], codes: Sequence[str]) -> str:
    near = {code: nearest_name(code, known) for code in codes[:MOST_NAMED]}
    words = " or ".join(f"'{other}' by '{code}'" for code, other in near.items() if other)
    return f" Did you mean {words}?" if words else ""


def _people(con: Connection, study: str) -> list[str]:
    return [subject for (subject,) in con.execute(_PEOPLE, [study]).fetchall()]


def _subjects(con: Connection, study: str | None) -> list[Fault]:
    return [
        Fault(
            f"study '{where}'",
            f"{named_codes(subjects, 'subject')} of the sample sheet {is_or_are(subjects)} not in the "
            f"subject sheet: sex and year of birth behind {n_results} results are not known."
            f"{_nearest(_people(con, where), subjects)} Hand in the subject sheet with every subject.",
        )
        for where, subjects, n_results in con.execute(_SUBJECTS).fetchall()
        if study in (None, where)
    ]


def _controls(con: Connection, study: str | None) -> list[Fault]:
    known = con.execute("SELECT DISTINCT material, level, lot FROM latest_controls ORDER BY ALL").fetchall()
    return [
        Fault(
            f"study '{where}'",
            f"Control '{' '.join(lot)}' of run {run} is not in the control sheet. Did you mean '{' '.join(near)}'? "
            "Correct the file and hand it in again, or add the lot to the sheet.",
        )
        for where, run, *lot in con.execute(_LOTS).fetchall()
        if study in (None, where) and (near := _near_lot(lot, known))
    ]


def _near_lot(lot: Sequence[str], known: Sequence[Sequence[str]]) -> Sequence[str]:
    """Return the line of the sheet that is near in one of material, level and lot, and the same in the others."""
    for place, word in enumerate(lot):
        others = {str(row[place]): row for row in known if all(row[i] == lot[i] for i in range(3) if i != place)}
        near = nearest_name(word, others)
        if near:
            return others[near]
    return ()
