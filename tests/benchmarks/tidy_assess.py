"""`qc assess` of a lab with one tidy file, against one plain scan of DuckDB that judges the same ranges.

    python tests/benchmarks/tidy_assess.py [--results 100000] [--runs 8]

Both work on the same facts in the same process. A first small lab loads the libraries, so that what is printed is the
work itself; what the libraries cost is printed beside it. Seconds are of the processor, children included.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from tidy_lab import make_tidy_lab

import qc
from qc.assess.prepare.rule_set import load_rule_set
from qc.store.frames import query

_SCAN = """
    WITH limits AS (
        SELECT DISTINCT analyte, matrix, name, value FROM wanted
    ), results AS (
        SELECT run_id, line, analyte, matrix, try_cast(text AS DOUBLE) AS value FROM reported WHERE role = 'sample'
    )
    SELECT r.run_id, r.line, l.name, r.value FROM results r JOIN limits l USING (analyte, matrix)
    WHERE (l.name LIKE '%_low' AND r.value < l.value) OR (l.name LIKE '%_high' AND r.value > l.value)
"""
_TIMES = 20


def cpu() -> float:
    """Return the processor time of this process and its children, in seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def scan_seconds(lab: qc.Lab) -> tuple[float, int]:
    """Return what one scan of every stored row costs, and how many rows lie outside of a range."""
    import polars as pl

    from schemas.catalogue import limits_table

    names = ("soft_low", "soft_high", "hard_low", "hard_high")
    wanted = [
        {name: limit[name] for name in ("analyte", "matrix", "name", "value")}
        for limit in limits_table(load_rule_set(lab).catalogue)
        if limit["name"] in names and isinstance(limit["value"], float)
    ]
    with lab.facts.reading() as con:
        con.register("wanted", pl.DataFrame(wanted).to_arrow())
        n_rows = query(con, _SCAN).height
        began = cpu()
        for _ in range(_TIMES):
            query(con, _SCAN)
        return (cpu() - began) / _TIMES, n_rows


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--results", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=8)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = cpu()
        make_tidy_lab(Path(folder) / "small", 64).assess()
        libraries_s = cpu() - began
        lab = make_tidy_lab(Path(folder) / "lab", asked.results, n_runs=asked.runs)
        scan_s, n_rows = scan_seconds(lab)
        began = cpu()
        assessed = lab.assess()
        assess_s = cpu() - began
    n_findings = sum(sum(run.n_by_shown_rule.values()) for run in assessed)
    print(f"small lab with all libraries  {libraries_s:8.2f} s CPU")
    print(f"plain scan of the ranges      {scan_s:8.3f} s CPU, {n_rows} rows outside")
    print(f"qc assess, {len(assessed)} runs             {assess_s:8.2f} s CPU, {n_findings} findings")
    print(f"ratio {assess_s / scan_s:.0f}; {1e6 * assess_s / asked.results:.0f} us a result")


if __name__ == "__main__":
    main()
