"""Up to what the lab as a whole was found settled: where that is so still, nothing has to be looked at.

The rows stand among the fingerprints, under a run 0 that does not exist.
"""

# ruff: noqa: S608 - statements are put together from constants
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from qc.store.frames import first_row

if TYPE_CHECKING:
    from qc.store.connection import Connection

WHOLE_LAB = 0
"""Run id of what is known of the lab as a whole."""
SHEET_SOURCES = ("samples", "subjects", "controls", "events", "bridgings")
"""Kinds of sources that are sheets."""
_MOMENT = f"""
    SELECT (SELECT coalesce(max(assessment_id), 0) FROM assessments),
        (SELECT coalesce(max(source_id), 0) FROM sources WHERE kind IN {SHEET_SOURCES}),
        (SELECT coalesce(max(run_id), 0) FROM runs WHERE supersedes IS NOT NULL)
"""
_KNOWN = f"SELECT kind, key, saw FROM fingerprints WHERE run_id = {WHOLE_LAB}"


@dataclass(frozen=True, slots=True)
class Moment:
    """What the facts hold at a moment: nothing that runs see of each other changes without one of these."""

    assessment: int
    """Newest assessment."""
    sheet: int
    """Newest sheet."""
    correction: int
    """Newest run that corrects another one."""


@dataclass(frozen=True, slots=True)
class Settled:
    """When nothing was stale for the last time."""

    moment: Moment
    """What the facts held."""
    decided_states: Mapping[str, str]
    """What people had decided, by item."""


def moment_of(con: Connection) -> Moment:
    """Return what the facts hold now.

    Returns
    -------
    Moment
        Zeros for empty facts.
    """
    return Moment(*(first_row(con, _MOMENT) or (0, 0, 0)))


def settled(con: Connection) -> Settled:
    """Return when nothing was stale for the last time.

    Returns
    -------
    Settled
        Zeros and no decision if it never was.
    """
    rows = con.execute(_KNOWN).fetchall()
    at = {key: int(saw) for kind, key, saw in rows if kind == "settled"}
    moment = Moment(*(at.get(field.name, 0) for field in fields(Moment)))
    return Settled(moment, {key: saw for kind, key, saw in rows if kind == "standing"})


def settle(con: Connection, now: Settled) -> None:
    """Write down that nothing is stale."""
    # Written anew and never mended: half of an older moment would call things settled that are not.
    con.execute(f"DELETE FROM fingerprints WHERE run_id = {WHOLE_LAB}")
    rows = [("settled", field.name, str(getattr(now.moment, field.name))) for field in fields(Moment)]
    rows += [("standing", item, state) for item, state in now.decided_states.items()]
    kinds, keys, saw = (list(column) for column in zip(*rows, strict=True))
    con.execute(
        f"INSERT INTO fingerprints SELECT {WHOLE_LAB}, unnest(?), unnest(?), 0, unnest(?)",
        [kinds, keys, saw],
    )
