"""A lab with as many open findings as wanted: rows of the demo lab, multiplied inside of the store."""

from __future__ import annotations

import sys
from pathlib import Path

import qc
from qc.api.demo import make_demo_lab
from qc.store.facts import transaction

FIRST_RUN = 1000
PER_RUN = 100
_RULE = """CASE (i + j) % 4 WHEN 0 THEN 'range.soft' WHEN 1 THEN 'replicates.cv' WHEN 2 THEN 'preanalytic.haemolysis'
    ELSE 'calibration.range' END"""
_VERDICT = "CASE WHEN (i + j) % 4 = 2 AND i % 3 = 0 THEN 'reject' ELSE 'warn' END"
_ITEM = f"'R' || ({FIRST_RUN} + i) || '.' || (j + 1)"
_RESULT = f"(({FIRST_RUN} + i)::BIGINT << 20) + j + 1"
_RUN = f"{FIRST_RUN} + i"
_NAME = "'bulk-' || lpad(i::VARCHAR, 6, '0')"
_RUN_VERDICT = "CASE WHEN i % 3 = 0 THEN 'reject' ELSE 'warn' END"
_GROUPS = """
    SELECT assessment_id, run_id, scope, analyte, verdict, rules, count(*), cause, sum(n_results)
    FROM held_items GROUP BY ALL ORDER BY ALL
"""
_PER_RUN = {
    "runs": {
        "run_id": _RUN,
        "run": _NAME,
        "matrix": "'serum'",
        "analyte": "'ferritin'",
        "instrument": "'READER-' || (i % 7)",
        "started_at": "TIMESTAMP '2025-10-01' + INTERVAL (i) MINUTE",
    },
    "assessments": {
        "assessment_id": _RUN,
        "run_id": _RUN,
        "assessed_at": "TIMESTAMP '2026-11-01' + INTERVAL (i) MINUTE",
        "verdict": _RUN_VERDICT,
        "n_results": str(PER_RUN),
        "n_auto_approved": "0",
        "n_waiting": str(PER_RUN),
    },
    "run_states": {
        "run_id": _RUN,
        "run": _NAME,
        "assessment_id": _RUN,
        "verdict": _RUN_VERDICT,
        "state": "'waiting'",
        "n_results": str(PER_RUN),
        "n_waiting": str(PER_RUN),
    },
}
_PER_ITEM = {
    "results": {
        "assessment_id": _RUN,
        "run_id": _RUN,
        "result_id": _RESULT,
        "sample": "'X' || ((i * 31 + j) % 400)",
        "analyte": "'ferritin'",
        "matrix": "'serum'",
        "value": "((i * 7 + j * 13) % 3000) / 10.0",
        "censor": "''",
        "state": "'waiting'",
        "plate": "''",
        "wells": "''",
    },
    "findings": {
        "assessment_id": _RUN,
        "run_id": _RUN,
        "ordinal": "j + 1",
        "rule": _RULE,
        "verdict": _VERDICT,
        "item": _ITEM,
        "result_id": _RESULT,
        "analyte": "'ferritin'",
        "holds": "true",
    },
    "held_items": {
        "assessment_id": _RUN,
        "run_id": _RUN,
        "item": _ITEM,
        "scope": "'result'",
        "result_id": _RESULT,
        "analyte": "'ferritin'",
        "verdict": _VERDICT,
        "rules": f"'[\"' || ({_RULE}) || '\"]'",
        "over_rules": f"CASE WHEN {_VERDICT} = 'reject' THEN '[\"preanalytic.haemolysis\"]' ELSE '[]' END",
        "judged_sha256": "sha256((i * 1000 + j)::VARCHAR)",
        "values_sha256": "sha256((i * 1000 + j)::VARCHAR || 'values')",
        "cause": "''",
        "n_results": "1",
    },
}


def make_lab(folder: Path, n_items: int, *, per_run: int = PER_RUN) -> qc.Lab:
    """Make a lab in which so many items wait, besides the 16 of the demo lab."""
    make_demo_lab(folder, force=True).nightly()
    return fill_lab(folder, n_items, per_run=per_run)


def fill_lab(folder: Path, n_items: int, *, per_run: int = PER_RUN) -> qc.Lab:
    """Let so many more items wait in a judged demo lab."""
    lab = qc.open_lab(folder)
    n_runs = n_items // per_run
    with lab.facts.writing() as con, transaction(con):
        for table, values in _PER_RUN.items():
            _multiply(con, table, values, f"range({n_runs}) t(i)", "i")
        for table, values in _PER_ITEM.items():
            _multiply(con, table, values, f"range({n_runs}) t(i), range({per_run}) u(j)", "i, j")
        con.execute("DELETE FROM held_groups")
        con.execute(f"INSERT INTO held_groups {_GROUPS}")
    return lab


def _multiply(con, table: str, values: dict[str, str], times: str, order: str) -> None:
    rows = con.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall()
    chosen = ", ".join(values.get(name, f"one.{name}") for (name,) in rows)
    which = "WHERE scope = 'result'" if table == "held_items" else ""
    one = f"(SELECT * FROM {table} {which} ORDER BY ALL LIMIT 1) one"
    con.execute(f"INSERT INTO {table} SELECT {chosen} FROM {one}, {times} ORDER BY {order}")


if __name__ == "__main__":
    make_lab(Path(sys.argv[1]), int(sys.argv[2]))
