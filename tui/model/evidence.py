"""The pictures of an item: which there are, and the one that proves its finding first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.drawing.curve import CurvePicture
from tui.drawing.levey_jennings import LeveyJennings
from tui.drawing.picture import Picture
from tui.drawing.plate import PlatePicture
from tui.drawing.strip import LimitsPicture, ReplicatesPicture

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.control_chart_view import ControlSeries
    from qc.triage.dossier import Dossier
    from qc.triage.lease import Connection


@dataclass(frozen=True, slots=True)
class Evidence:
    """A dossier with its pictures."""

    dossier: Dossier
    """Words."""
    pictures: tuple[tuple[str, Picture], ...]
    """Title and picture, the one that proves the gravest finding first."""


def read_evidence(lab: Lab, con: Connection, item: str) -> Evidence:
    """Read everything that the screens show of an item."""
    from qc.triage import dossier as triage

    dossier = triage.dossier(lab, con, item)
    pictures: list[tuple[str, Picture]] = []
    plate_pictures = _of_plate(lab, con, dossier)
    for name in dossier.pictures:
        if name == triage.CONTROLS:
            pictures += _of_controls(con, dossier)
        elif name == triage.LIMITS:
            pictures.append(("limits", LimitsPicture([finding for _, finding in dossier.findings])))
        elif name in plate_pictures:
            pictures.append((name, plate_pictures[name]))
    return Evidence(dossier, tuple(pictures))


def _of_controls(con: Connection, dossier: Dossier) -> list[tuple[str, Picture]]:
    from qc.triage.control_chart_view import control_series

    series = control_series(con, dossier.item.run_id, dossier.run.assessment_id, dossier.analyte)
    levels = sorted(range(len(series)), key=lambda level: -_offence(series[level]))
    return [(f"control {series[level].level}", LeveyJennings(series, dossier.analyte, level)) for level in levels]


def _offence(series: ControlSeries) -> float:
    own = [point for point in series.points if point.is_own]
    return sum(10.0 * len(point.rules) + abs(point.z or 0.0) for point in own)


def _of_plate(lab: Lab, con: Connection, dossier: Dossier) -> dict[str, Picture]:
    from qc.triage.plate_view import curve, plate

    if not {"curve", "plate", "replicates"} & set(dossier.pictures):
        return {}
    result, run_id, assessment_id = dossier.result, dossier.item.run_id, dossier.run.assessment_id
    shown_plate = plate(
        lab,
        con,
        run_id=run_id,
        assessment_id=assessment_id,
        name=result.plate if result else "",
        analyte=dossier.analyte,
        own=result.wells if result else (),
    )
    if shown_plate is None:
        return {}
    pictures: dict[str, Picture] = {"plate": PlatePicture(shown_plate)}
    fitted = curve(con, shown_plate, run_id=run_id, assessment_id=assessment_id, analyte=dossier.analyte)
    if fitted is not None:
        pictures["curve"] = CurvePicture(fitted, dossier.analyte)
    if shown_plate.own:
        pictures["replicates"] = ReplicatesPicture(
            shown_plate.own, shown_plate.unit, result.cv_percent if result else None
        )
    return pictures
