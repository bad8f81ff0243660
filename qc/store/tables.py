"""The names of the tables and views of the facts, and what kind of table each is."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.tables.sheets import SHEETS
from schemas.tables.stored.models import STORED

TABLES = frozenset({*STORED, "schema_migrations"})
"""Every table: those with a model, and the record of the migrations."""
SHEET_TABLES = tuple(sheet.table for sheet in SHEETS.values() if sheet.is_versioned)
"""Tables of the sheets: a changed row is a new version, the old one stays."""
MEASURED_TABLES = ("wells", "reported")
"""Tables of what was measured, by run."""
RENEWED_TABLES = frozenset({"run_states", "fingerprints", "held_groups", "seals", "schema_migrations"})
"""Tables that are derived and renewed, or record the program: all others only grow, and are sealed."""
NUMBERED_TABLES: Mapping[str, str] = {"sources": "source_id", "runs": "run_id", "assessments": "assessment_id"}
"""Column of the number of each table whose rows are numbered."""
GROUP_COLUMNS = ("assessment_id", "source_id", "run_id")
"""What groups the rows of a table, the first that it has."""
OPEN_ITEMS = "open_items"
"""View of the items that wait for a person."""
LATEST_REPEATS = "latest_repeats"
"""View of what counts of several results of one sample."""
OPEN_GROUPS = "open_groups"
"""View of how many items of a run wait for the same."""


def newest_view(sheet_table: str) -> str:
    """Return the view with the newest version of each row of a sheet."""
    return f"latest_{sheet_table}"


VIEWS = frozenset(
    {OPEN_ITEMS, OPEN_GROUPS, LATEST_REPEATS, "open_findings", "latest_results", *map(newest_view, SHEET_TABLES)}
)
"""Every view."""
