"""Where the model of each table lives; imported when it is asked for, since pandera is slow to load."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.tables.table import Table


def _bridgings() -> type[Table]:
    from schemas.tables.bridgings import Bridgings

    return Bridgings


def _controls() -> type[Table]:
    from schemas.tables.controls import Controls

    return Controls


def _events() -> type[Table]:
    from schemas.tables.events import Events

    return Events


def _reported() -> type[Table]:
    from schemas.tables.reported import Reported

    return Reported


def _samples() -> type[Table]:
    from schemas.tables.samples import Samples

    return Samples


def _subjects() -> type[Table]:
    from schemas.tables.subjects import Subjects

    return Subjects


def _wells() -> type[Table]:
    from schemas.tables.wells import WellsOfRuns

    return WellsOfRuns


MODELS: Mapping[str, Callable[[], type[Table]]] = {
    "bridgings": _bridgings,
    "controls": _controls,
    "events": _events,
    "reported": _reported,
    "samples": _samples,
    "subjects": _subjects,
    "wells": _wells,
}
"""Function that returns the model of a table, by the name of the table."""
