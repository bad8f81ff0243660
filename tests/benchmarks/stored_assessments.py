"""Everything that assessments of two labs hold, compared: the proof that a faster way says the same.

    python tests/benchmarks/stored_assessments.py LAB --save FOLDER
    python tests/benchmarks/stored_assessments.py LAB --against FOLDER

Left out are the time of an assessment, and the hash of the rule set, which changes with every line of a rule.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet

import qc

TABLES = (
    "assessments",
    "rule_runs",
    "findings",
    "curves",
    "well_concentrations",
    "results",
    "control_results",
    "held_items",
    "held_groups",
    "run_summaries",
    "run_states",
)
RENEWED = ("run_states",)
"""Tables whose rows are written anew for each assessment: their place says nothing."""
LEFT_OUT = {"assessments": "EXCLUDE (assessed_at, rule_set_sha256, software)"}


def save(lab: qc.Lab, folder: Path) -> None:
    """Write the rows of every table that an assessment fills, with their place among those written before."""
    folder.mkdir(parents=True, exist_ok=True)
    with lab.facts.reading() as con:
        for table in TABLES:
            place = "run_id" if table in RENEWED else "row_number() OVER (ORDER BY rowid)"
            rows = f"SELECT {place} AS place, * {LEFT_OUT.get(table, '')} FROM {table}"
            pyarrow.parquet.write_table(con.sql(rows).to_arrow_table(), folder / f"{table}.parquet")


def differences(first: Path, second: Path) -> dict[str, int]:
    """Return, for each table, how many rows stand in one of two saved folders alone."""
    found: dict[str, int] = {}
    con = duckdb.connect()
    for table in TABLES:
        one, two = (f"read_parquet('{folder / table}.parquet')" for folder in (first, second))
        told = con.sql(
            f"SELECT count(*) FROM ((FROM {one} EXCEPT ALL FROM {two}) UNION ALL (FROM {two} EXCEPT ALL FROM {one}))"
        ).fetchall()
        found[table] = told[0][0]
    return found


def main() -> None:
    """Save what a lab holds, or compare it with what was saved."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("lab", type=Path)
    options.add_argument("--save", type=Path)
    options.add_argument("--against", type=Path)
    asked = options.parse_args()
    lab = qc.open_lab(asked.lab)
    if asked.save:
        save(lab, asked.save)
    if asked.against:
        own = asked.against.with_name(f"{asked.against.name}-now")
        save(lab, own)
        told = differences(asked.against, own)
        print(", ".join(f"{table} {n}" for table, n in told.items() if n) or "every stored row is the same")
        sys.exit(1 if any(told.values()) else 0)


if __name__ == "__main__":
    main()
