"""Flagged plates and failed curves of the runs of a night."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from qc.items.masking import mask_of
from qc.nights.page.night_page import CurveOfNight, PlateOfNight
from qc.triage.plate_view import Plate, curve, plate
from schemas.finding import Verdict, worst

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

MOST_PLATES, MOST_CURVES = 24, 24
"""Plates and curves that a page shows; the screens show all."""
_PLATES = """
    SELECT run_id, assessment_id, run, plate, arg_max(analyte, n), count(*), max(n), sum(n) AS n_held FROM (
        SELECT f.run_id, f.assessment_id, s.run, v.plate, v.analyte, count(DISTINCT v.result_id) AS n
        FROM findings f JOIN run_states s USING (run_id, assessment_id)
        JOIN results v USING (run_id, assessment_id, result_id)
        WHERE f.holds AND v.wells <> '' AND f.run_id IN (SELECT unnest(?::BIGINT[])) GROUP BY ALL
    ) GROUP BY ALL ORDER BY n_held DESC, run_id, plate
"""
_CURVES = """
    SELECT f.run_id, f.assessment_id, s.run, c.plate, c.analyte, list(f.verdict ORDER BY f.ordinal),
        list(f.rule ORDER BY f.ordinal), list(f.sentence ORDER BY f.ordinal), list(f.item ORDER BY f.ordinal)
    FROM findings f JOIN run_states s USING (run_id, assessment_id) JOIN runs r USING (run_id)
    JOIN curves c ON c.run_id = f.run_id AND c.assessment_id = f.assessment_id
        AND c.analyte = coalesce(nullif(f.analyte, ''), c.analyte)
        AND coalesce(json_extract_string(f.key, '$.plate'), c.plate) = c.plate
    WHERE f.holds AND starts_with(f.rule, 'calibration.') AND f.result_id IS NULL
        AND f.run_id IN (SELECT unnest(?::BIGINT[]))
    GROUP BY ALL ORDER BY f.run_id, c.plate, c.analyte
"""


def flagged_plates(lab: LabFolder, con: Connection, runs: Collection[int]) -> tuple[tuple[PlateOfNight, ...], int]:
    """Read the plates with results that are held.

    Returns
    -------
    tuple
        Those with most of them first, and how many are left out.
    """
    rows = con.execute(_PLATES, [sorted(runs)]).fetchall()
    plates = [_plate(lab, con, row) for row in rows[:MOST_PLATES]]
    return tuple(one for one in plates if one is not None), max(0, len(rows) - MOST_PLATES)


def _plate(lab: LabFolder, con: Connection, row: tuple[Any, ...]) -> PlateOfNight | None:
    run_id, assessment_id, run, name, analyte, n_analytes, _, _ = row
    measured = _measured(lab, con, run_id, assessment_id, name, analyte)
    if measured is None:
        return None
    return PlateOfNight(
        item=f"R{run_id}",
        run=run,
        analyte=analyte,
        n_analytes=n_analytes,
        n_flagged=sum(well.is_flagged for well in measured.wells),
        plate=measured,
    )


def _measured(
    lab: LabFolder, con: Connection, run_id: int, assessment_id: int, name: str, analyte: str
) -> Plate | None:
    # A run of one analyte names none at its wells.
    for asked in (analyte, ""):
        found = plate(lab, con, run_id=run_id, assessment_id=assessment_id, name=name, analyte=asked, own=())
        if found is not None:
            return found
    return None


def failed_curves(lab: LabFolder, con: Connection, runs: Collection[int]) -> tuple[tuple[CurveOfNight, ...], int]:
    """Read the curves of which a rule on calibration holds something.

    Returns
    -------
    tuple
        The curves, and how many are left out.
    """
    rows = con.execute(_CURVES, [sorted(runs)]).fetchall()
    curves = [_curve(lab, con, row) for row in rows[:MOST_CURVES]]
    return tuple(one for one in curves if one is not None), max(0, len(rows) - MOST_CURVES)


def _curve(lab: LabFolder, con: Connection, row: tuple[Any, ...]) -> CurveOfNight | None:
    run_id, assessment_id, run, name, analyte, verdicts, rules, sentences, items = row
    measured = _measured(lab, con, run_id, assessment_id, name, analyte)
    if measured is None:
        return None
    found = curve(con, measured, run_id=run_id, assessment_id=assessment_id, analyte=analyte)
    if found is None:
        return None
    return CurveOfNight(
        item=items[0],
        run=run,
        analyte=analyte,
        plate=name,
        verdict=worst(Verdict(verdict) for verdict in verdicts).value,
        says=_says(rules, verdicts, sentences),
        curve=found,
    )


def _says(rules: Sequence[str], verdicts: Sequence[str], sentences: Sequence[str]) -> tuple[str, ...]:
    said = []
    for rule, verdict, sentence in zip(rules, verdicts, sentences, strict=True):
        mask = mask_of(rule, Verdict(verdict))
        said.append(mask.sentence_of(Verdict(verdict)) if mask else sentence)
    return tuple(dict.fromkeys(said))
