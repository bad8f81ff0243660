"""CPU of row validation, as a ratio to hand-written SQL in the same process, and whether the same rows are named.

Run it as ``make bench`` or ``python tests/benchmarks/validation/run.py [ROWS ...]``; ``--only METHOD`` names one. Each
method has a process of its own, in which the hand-written statement runs before and after it. Methods of the ``bench``
extra are left out where they are not installed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parent))

SLOW = {"Great Expectations on pandas": 1_000_000, "pandera on Ibis": 1_000_000, "pointblank": 1_000_000}
"""Methods that are not asked above so many rows: they take minutes or more memory than they should."""
FOLDER = Path(os.environ.get("ASSAYGATE_BENCH", tempfile.gettempdir())) / "assaygate-bench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[768, 1_000_000, 10_000_000])
    parser.add_argument("--only", action="append")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    from methods import METHODS

    FOLDER.mkdir(parents=True, exist_ok=True)
    if options.child:
        one(options.child, options.rows[0])
        return
    print(f"{'method':32}{'rows':>12}{'CPU s':>9}{'ratio':>8}{'MB':>7}  same rows")
    for n_rows in options.rows:
        for method in options.only or METHODS:
            if n_rows <= SLOW.get(method, n_rows):
                child = [sys.executable, __file__, str(n_rows), "--child", method]
                subprocess.run(child, check=False)


def one(method: str, n_rows: int) -> None:
    from methods import METHODS, by_hand

    table = "sorted_results" if "sorted" in method else "results"
    try:
        warm(METHODS[method])
    except ImportError as error:
        print(f"{method:32}{n_rows:>12,}  left out: {error.name} is not installed (the `bench` extra)")
        return
    with opened(n_rows) as con:
        with silence():
            METHODS[method](con)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        by_hand(con, table)
        before, expected = timed(lambda: by_hand(con, table))
        with silence():
            spent, found = timed(lambda: METHODS[method](con))
        after, _ = timed(lambda: by_hand(con, table))
    if method == "one run of all":
        expected = expected.filter(expected["run_id"] == "R000000")
    ratio = spent / ((before + after) / 2)
    print(f"{method:32}{n_rows:>12,}{spent:>9.3f}{ratio:>8.2f}{peak_mb:>7.0f}  {same(found, expected)}", flush=True)


def warm(method) -> None:
    """Pay for imports and for the first use of a library on a small table, so that only the work is measured."""
    with opened(768) as con, silence():
        method(con)


def opened(n_rows: int):
    from dirty_results import make

    path = FOLDER / f"results-{n_rows}.duckdb"
    make(path, n_rows)
    return duckdb.connect(f"duckdb:{path}", read_only=True, config={"threads": 2})


@contextlib.contextmanager
def silence():
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stderr(nowhere), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def timed(work):
    start = time.process_time()
    told = work()
    return time.process_time() - start, told


def same(found, expected) -> str:
    columns = ["run_id", "sample_id", "analyte", "replicate", "rule", "value"]
    plain = [frame.select(columns).cast({"replicate": int}).sort(columns) for frame in (found, expected)]
    if plain[0].equals(plain[1]):
        return f"yes ({expected.height:,})"
    return f"NO: {found.height:,} named, {expected.height:,} expected"


if __name__ == "__main__":
    main()
