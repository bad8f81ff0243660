"""Lots in use that end soon: controls by the control sheet, reagents by what their runs say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.store.connection import Connection

_NEWEST_RUNS = 400
"""Runs that say what is in use."""
_LOTS = """
    WITH newest AS (SELECT run_id, assessment_id FROM run_states WHERE NOT is_superseded ORDER BY run_id DESC LIMIT $1),
    used AS (
        SELECT c.material, c.level, c.analyte, c.matrix, arg_max(c.lot, (coalesce(r.started_at, TIMESTAMP '1970-01-01'),
            r.run_id)) AS lot
        FROM control_results c JOIN newest USING (run_id, assessment_id) JOIN runs r USING (run_id) GROUP BY ALL
    )
    SELECT 'control', l.material || ' ' || l.level, l.lot, min(l.expires_on) FROM latest_controls l
    JOIN used USING (material, level, analyte, matrix, lot) WHERE l.expires_on <= $2 GROUP BY ALL
    UNION ALL
    SELECT DISTINCT 'reagent', analyte, reagent_lot, reagent_expires_on FROM (
        SELECT r.analyte, r.reagent_lot, r.reagent_expires_on FROM runs r JOIN newest USING (run_id)
        QUALIFY row_number() OVER (
            PARTITION BY r.analyte, r.method ORDER BY coalesce(r.started_at, TIMESTAMP '1970-01-01') DESC, r.run_id DESC
        ) = 1
    ) WHERE reagent_expires_on <= $2
    ORDER BY 4, 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class ExpiringLot(JsonModel):
    """One lot that ends soon, or has ended."""

    kind: str
    """``control`` or ``reagent``."""
    what: str
    """Material and level, or analyte."""
    lot: str
    """Lot."""
    expires_on: datetime
    """Last day of its use."""


def expiring_lots(con: Connection, now: datetime, days: float) -> tuple[ExpiringLot, ...]:
    """Return lots that the newest runs use and that end within some days, or have ended.

    Parameters
    ----------
    days : float
        How far to look ahead.
    """
    until = (now + timedelta(days=days)).replace(tzinfo=None)
    return tuple(ExpiringLot(*row) for row in con.execute(_LOTS, [_NEWEST_RUNS, until]).fetchall())
