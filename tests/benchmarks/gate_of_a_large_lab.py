"""The gate of a lab with very many results: time, CPU and memory of one look.

Run as ``python tests/benchmarks/gate_of_a_large_lab.py [N_RESULTS [FOLDER [counts]]]``; 1,000,000 if not given. The
facts are those of the demo lab, multiplied inside of the store: 768 results a run, one in 5,000 waits for a person, and
as many were decided. A FOLDER is kept and used again. With ``counts`` the results themselves are left out, and only
what is counted of them by run and analyte is there: the gate reads nothing else.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import qc
from qc.api.demo import make_demo_lab
from qc.store.entry import Draft, Kind
from qc.store.facts import transaction

FIRST_RUN = 1000
PER_RUN = 768
ONE_IN = 5_000  # results, of which one waits and one was decided
N_LOOKS = 7
_RUN = f"{FIRST_RUN} + i"
_ORDINAL = "1 + (i * 7) % 700"
_ITEM = f"'R' || ({_RUN}) || '.' || ({_ORDINAL})"
_PER_RUN = {
    "runs": {"run_id": _RUN, "run": "'bulk-' || i", "supersedes": "NULL"},
    "assessments": {
        "assessment_id": _RUN,
        "run_id": _RUN,
        "verdict": "'pass'",
        "n_results": str(PER_RUN),
        "n_auto_approved": str(PER_RUN),
    },
    "run_states": {
        "run_id": _RUN,
        "run": "'bulk-' || i",
        "assessment_id": _RUN,
        "state": "'auto_approved'",
        "n_results": str(PER_RUN),
        "is_superseded": "false",
    },
    "run_summaries": {"assessment_id": _RUN, "run_id": _RUN, "n_results": str(PER_RUN)},
}
_RESULTS = {
    "assessment_id": _RUN,
    "run_id": _RUN,
    "result_id": f"(({_RUN})::BIGINT << 20) + j + 1",
    "sample": "'X' || ((i * 31 + j) % 40000)",
    "value": "((i * 7 + j * 13) % 3000) / 10.0",
    "state": "'auto_approved'",
}
_HELD = {
    "assessment_id": _RUN,
    "run_id": _RUN,
    "item": _ITEM,
    "result_id": f"(({_RUN})::BIGINT << 20) + ({_ORDINAL})",
    "judged_sha256": "sha256(i::VARCHAR)",
    "values_sha256": "sha256(i::VARCHAR || 'values')",
}


def fill(folder: Path, n_results: int, *, only_counts: bool) -> None:
    """Make the lab."""
    lab = make_demo_lab(folder, force=True)
    lab.nightly()
    n_runs = n_results // PER_RUN
    step = max(
        1, ONE_IN // PER_RUN
    )  # one run in so many has an item that waits; the run before it one that was decided
    with lab.facts.writing() as con, transaction(con):
        where = "WHERE s.study = 'ALS-1' ORDER BY run_id LIMIT 1"
        (one_run,) = con.execute(f"SELECT s.run_id FROM run_states s {where}").fetchone()
        for table, values in _PER_RUN.items():
            _multiply(con, table, values, f"range({n_runs}) t(i)", one_run)
        con.execute(
            f"INSERT INTO fingerprints SELECT {_RUN}, kind, key, said, saw FROM range({n_runs}) t(i), fingerprints "
            "WHERE run_id = ? AND kind = 'rules'",
            [one_run],
        )
        if not only_counts:
            _multiply(con, "results", _RESULTS, f"range({n_runs}) t(i), range({PER_RUN}) u(j)", one_run)
        (one_held,) = con.execute("SELECT min(run_id) FROM held_items WHERE scope = 'result'").fetchone()
        _multiply(con, "held_items", _HELD, f"range(0, {n_runs}, {step}) t(i)", one_held)
        con.execute(
            "UPDATE fingerprints SET saw = (SELECT max(assessment_id) FROM assessments)::VARCHAR "
            "WHERE run_id = 0 AND kind = 'settled' AND key = 'assessment'"
        )
    drafts = [_decision(number) for number in range(1, n_runs, step)]
    with lab.facts.writing() as con, transaction(con):
        names = [draft.object for draft in drafts]
        # as the next assessment does
        con.execute("INSERT INTO fingerprints SELECT 0, 'standing', unnest(?), 0, 'rejected'", [names])
    for start in range(0, len(drafts), 10_000):
        lab.ledger.append(drafts[start : start + 10_000], at=datetime.now(UTC))


def _multiply(con, table: str, values: dict[str, str], times: str, run_id: int) -> None:
    rows = con.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [table]).fetchall()
    chosen = ", ".join(values.get(name, f"one.{name}") for (name,) in rows)
    one = f"(SELECT * FROM {table} WHERE run_id = {run_id} ORDER BY ALL LIMIT 1) one"
    con.execute(f"INSERT INTO {table} SELECT {chosen} FROM {times}, {one}")


def _decision(i: int) -> Draft:
    run_id, ordinal = FIRST_RUN + i, 1 + (i * 7) % 700
    said = {"act": "reject", "reason": "other", "note": "", "scope": "result", "run": f"bulk-{i}", "study": "ALS-1"}
    said |= {
        "assessment_id": run_id,
        "over": [],
        "judged_sha256": f"{i:064}",
        "values_sha256": f"{i:064}",
        "bulk": None,
    }
    said |= {"expires_at": None, "supersedes": 0, "confirms": 0, "needs_second": False}
    return Draft(Kind.DECISION, f"R{run_id}.{ordinal}", said, "anna")


def look(folder: Path) -> None:
    """Look at the gate again and again, each time through a lab that was just opened."""
    walls, cpus = [], []
    for _ in range(N_LOOKS):
        lab = qc.open_lab(folder)
        began, began_cpu = time.perf_counter(), time.process_time()
        gate = lab.gate()
        walls.append(1000 * (time.perf_counter() - began))
        cpus.append(1000 * (time.process_time() - began_cpu))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    n_stale = len(gate.runs_not_assessed)
    print(f"{sum(gate.n_by_state.values()):,} results, {len(gate.items):,} items wait, {n_stale} runs not assessed")
    print(f"first {walls[0]:.0f} ms, then median {statistics.median(walls[1:]):.0f} ms by the clock", end=", ")
    print(f"{statistics.median(cpus[1:]):.0f} ms CPU; peak {peak_mb:.0f} MB")


def main(n_results: int, folder: Path, *, only_counts: bool = False) -> None:
    """Make the lab if it is not there, and look at it in a process of its own."""
    if not (folder / "qc.toml").is_file():
        began = time.process_time()
        fill(folder, n_results, only_counts=only_counts)
        size_mb = (folder / "facts.duckdb").stat().st_size / 1e6
        print(f"made in {time.process_time() - began:.0f} s CPU; facts {size_mb:.0f} MB")
    words = [sys.executable, "-c", f"import sys; sys.argv = ['', '--look', {str(folder)!r}]; {_RUN_THIS}"]
    subprocess.run(words, check=True)


_RUN_THIS = f"import runpy; runpy.run_path({__file__!r}, run_name='__main__')"

if __name__ == "__main__":
    if sys.argv[1:2] == ["--look"]:
        look(Path(sys.argv[2]))
    else:
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
        if len(sys.argv) > 2:
            main(wanted, Path(sys.argv[2]), only_counts=sys.argv[3:4] == ["counts"])
        else:
            with tempfile.TemporaryDirectory() as place:
                main(wanted, Path(place) / "lab")
