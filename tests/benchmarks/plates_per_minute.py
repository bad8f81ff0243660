"""Plates of 96 wells from raw file to findings in the facts: CPU and wall seconds a plate.

    python tests/benchmarks/plates_per_minute.py [--plates 100] [--profile FILE]

Makes plates from one of the sample study (other noise in each, SYNTHETIC), takes them in and judges them in a new lab.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import io
import os
import pstats
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

import qc

STUDY = Path(__file__).resolve().parents[2] / "sample_runs" / "study"
PLATE = "csf-tnf-1"


def make_plates(inbox: Path, n_plates: int) -> None:
    """Write plates with maps, run sheets and a sample sheet; each plate has its own subjects and 1 % other noise."""
    random = np.random.default_rng(5)
    export = (STUDY / "plates" / f"{PLATE}.csv").read_text(encoding="utf-8")
    plate_map = (STUDY / "plates" / f"{PLATE}.map.csv").read_text(encoding="utf-8")
    sheet = (STUDY / "plates" / f"{PLATE}.run.toml").read_text(encoding="utf-8")
    samples = (STUDY / "samples.csv").read_text(encoding="utf-8").splitlines()
    codes = {row.split(",")[1] for row in samples[1:]}
    measured = {row.split(",")[2] for row in plate_map.splitlines()[1:]} & codes
    sheet_rows = [row for row in samples[1:] if row.split(",")[1] in measured]
    with (inbox.parent / "samples.csv").open("w", encoding="utf-8") as file:
        file.write(samples[0] + "\n")
        for number in range(n_plates):
            for row in sheet_rows:
                study, code, subject, *rest = row.split(",")
                file.write(",".join([study, f"{code}-{number}", f"{subject}-{number}", *rest]) + "\n")
    for number in range(n_plates):
        name = f"bench-{number:04d}"
        day, hour = divmod(number, 24)
        started = (
            f"2025-{9 + day // 28:02d}-{1 + day % 28:02d}T{hour:02d}:30:00" if day < 112 else "2026-01-01T00:00:00"
        )
        own = sheet.replace(PLATE, name).replace("2025-09-15T09:30:00", started)
        (inbox / f"{name}.csv").write_text(noisy(export.replace(PLATE, name), random), encoding="utf-8")
        (inbox / f"{name}.map.csv").write_text(renamed(plate_map, codes, number), encoding="utf-8")
        (inbox / f"{name}.run.toml").write_text(own, encoding="utf-8")


def renamed(plate_map: str, codes: set[str], number: int) -> str:
    """Return the plate map with sample codes of its own."""
    rows = list(csv.reader(io.StringIO(plate_map)))
    named = [[f"{cell}-{number}" if cell in codes else cell for cell in row] for row in rows]
    return "\n".join(",".join(row) for row in named) + "\n"


def noisy(export: str, random: np.random.Generator) -> str:
    """Return the export with every signal of the plate's grid changed by 1 %."""
    rows = list(csv.reader(io.StringIO(export)))
    for row in rows:
        for place, cell in enumerate(row):
            if place and "." in cell and cell.replace(".", "", 1).isdigit():
                row[place] = f"{float(cell) * (1 + 0.01 * random.normal()):.4f}"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def timed(name: str, n_plates: int, action: Callable[[], object]) -> tuple[float, float, float]:
    """Run an action, print its cost a plate, and return wall, own CPU and other processes' CPU in ms a plate."""
    started, before = time.perf_counter(), os.times()
    action()
    after = os.times()
    wall = time.perf_counter() - started
    own = after.user + after.system - before.user - before.system
    others = after.children_user + after.children_system - before.children_user - before.children_system
    cost = tuple(1000 * seconds / n_plates for seconds in (wall, own, others))
    print(
        f"{name:8s} {cost[0]:7.1f} ms wall, CPU {cost[1]:.1f} ms here and {cost[2]:.1f} ms in others, a plate",
        flush=True,
    )
    return cost[0], cost[1], cost[2]


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--plates", type=int, default=100)
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes, as the command line uses")
    options.add_argument("--profile", type=Path, help="write the functions that cost most to this file")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lab = replace(qc.init_lab(Path(folder) / "lab", name="plates"), workers=chosen.workers)
        inbox = Path(folder) / "raw"
        inbox.mkdir()
        make_plates(inbox, chosen.plates)
        lab.ingest(STUDY / "controls.csv", inbox.parent / "samples.csv")
        profiler = cProfile.Profile()
        if chosen.profile:
            profiler.enable()
        costs = [timed("ingest", chosen.plates, lambda: lab.ingest(inbox)), timed("assess", chosen.plates, lab.assess)]
        profiler.disable()
        busy = sum(own + others for _, own, others in costs)
        wall, least = sum(cost[0] for cost in costs), sum(max(own, (own + others) / 2) for _, own, others in costs)
        print(
            f"1000 plates: {wall:.0f} s wall here, {busy:.0f} s of CPU; at least {least:.0f} s on 2 cores that are free"
        )
        if chosen.profile:
            with chosen.profile.open("w", encoding="utf-8") as file:
                pstats.Stats(profiler, stream=file).sort_stats("cumtime").print_stats(80)


if __name__ == "__main__":
    main()
