from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

from qc.store.migration import apply, pending, shipped_migrations

NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def older_facts():
    con = duckdb.connect(":memory:")
    for migration in [one for one in shipped_migrations() if one.version < 3]:
        apply(con, migration, now=NOW, software="older")
    con.execute("INSERT INTO controls VALUES ('QC', 'low', 'A', 'iron', 'serum', 1, 'ug/dL', 50, 2, 1)")
    con.execute(
        "INSERT INTO control_results VALUES (1, 1, 1, 'iron', 'serum', 'QC', 'low', 'A', 51, 'ug/dL', 50, 2, 0.5)"
    )
    return con


def test_controls_of_an_older_facts_file_stay_what_they_were(older_facts):
    con = older_facts

    con.execute("BEGIN")
    for migration in pending(con):
        apply(con, migration, now=NOW, software="newer")
    con.execute("COMMIT")

    sql = "SELECT target, sd, target_from, active_from, expires_on, follows FROM latest_controls"
    assert con.execute(sql).fetchall() == [(50, 2, "", None, None, "")]
    assert con.execute("SELECT z, target_kind, basis FROM control_results").fetchall() == [(0.5, "", "")]
    assert con.execute("SELECT count(*) FROM latest_events").fetchone() == (0,)
    assert pending(con) == []
