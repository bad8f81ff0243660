"""Write sample_runs anew, or search the seed that gives the pattern."""

from __future__ import annotations

import argparse
from pathlib import Path

from sample_runs.make.answers import write_answers
from sample_runs.make.faults.make_all import write_faults
from sample_runs.make.pattern import search
from sample_runs.make.simulate import simulate
from sample_runs.make.study import write_study

SEED = 6
"""First seed that ``search`` accepts."""


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m sample_runs.make", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1], help="folder to write into")
    parser.add_argument(
        "--search", action="store_true", help="print the first seed that gives the pattern, write nothing"
    )
    chosen = parser.parse_args()
    if chosen.search:
        print(search())
        return
    study = simulate(SEED)
    write_study(chosen.out / "study", study)
    write_answers(chosen.out / "answers", study)
    write_faults(chosen.out / "faults")


if __name__ == "__main__":
    main()
