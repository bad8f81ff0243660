"""A lab with one tidy file of as many results as wanted: eight analytes, two matrices, four visits, a few faults.

SYNTHETIC, and the same for the same numbers: levels are those of the sample study, drawn from a fixed seed.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import qc

ROOT = Path(__file__).resolve().parents[2]
STUDY = "TIDY"
VISITS = 4
RUN_SHEET = """# SYNTHETIC: not a measurement
[run]
study = "TIDY"
platform = "chemistry"
instrument = "SYN-ANALYSER-1"
reagent_lot = "SYN-R-1"
calibrator_lot = "SYN-K-1"
started_at = 2025-09-01T09:10:00
profile = "clinical-westgard-n2"
"""
FAULTS = ("factor", "censored", "empty", "negative", "text", "twice")
"""What one result in two hundred is: a slip of the unit, a mark, no number, a number below 0, a word, there twice."""
_RESULTS = ("run", "role", "sample", "analyte", "matrix", "value", "unit", "method", "material", "level", "lot")


def make_tidy_lab(folder: Path, n_results: int, *, n_runs: int = 1) -> qc.Lab:
    """Make a lab that has taken in the file and judged nothing; the visits of a subject lie in different runs."""
    sys.path.insert(0, str(ROOT))
    from sample_runs.make.assays import ASSAYS

    lab = qc.init_lab(folder, name="tidy", settings={"lab.default_study": STUDY})
    n_subjects = -(-n_results // (VISITS * len(ASSAYS)))
    raw = folder.parent / f"{folder.name}-raw"
    raw.mkdir(parents=True, exist_ok=True)
    _write(raw / "samples.csv", ("study", "sample", "subject", "visit", "matrix", "collected_at"), _samples(n_subjects))
    _write(raw / "subjects.csv", ("study", "subject", "sex", "birth_year"), _subjects(n_subjects))
    controls = ("material", "level", "lot", "analyte", "matrix", "unit", "target", "sd")
    _write(raw / "controls.csv", controls, _control_sheet(ASSAYS))
    _write(raw / "results.csv", _RESULTS, _results(ASSAYS, n_results, n_subjects, n_runs))
    (raw / "results.run.toml").write_text(RUN_SHEET, encoding="utf-8")
    taken = lab.ingest(*(raw / f"{name}.csv" for name in ("subjects", "samples", "controls", "results")))
    refused = [(one.file, one.message, *map(str, one.faults)) for one in taken if one.outcome == "quarantined"]
    if refused:
        raise SystemExit(f"The tidy file was refused: {refused}")
    return lab


def _write(path: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def _sample(subject: int, visit: int, matrix: str) -> str:
    return f"T{subject:06d}{visit}{matrix[0].upper()}"


def _samples(n_subjects: int) -> Iterator[tuple[object, ...]]:
    for subject in range(n_subjects):
        for visit in range(VISITS):
            day = f"2025-{1 + visit:02d}-{1 + subject % 28:02d}T08:30:00"
            for matrix in ("serum", "csf"):
                yield STUDY, _sample(subject, visit, matrix), f"P{subject:06d}", visit, matrix, day


def _subjects(n_subjects: int) -> Iterator[tuple[object, ...]]:
    for subject in range(n_subjects):
        yield STUDY, f"P{subject:06d}", ("male", "female")[subject % 2], 1940 + subject % 50


def _control_sheet(assays) -> Iterator[tuple[object, ...]]:
    for assay in assays:
        for level, target in enumerate(assay.control_targets[:2], start=1):
            place = (f"SYN-{assay.matrix.upper()}", f"L{level}", "SYN-1", assay.analyte, assay.matrix, assay.unit)
            yield *place, target, round(target * 0.05, 6)


def _results(assays, n_results: int, n_subjects: int, n_runs: int) -> Iterator[tuple[object, ...]]:
    random = np.random.default_rng(7)
    for run in range(n_runs):
        for assay in assays:
            for level, target in enumerate(assay.control_targets[:2], start=1):
                value = f"{target * (1 + 0.05 * random.normal()):.4f}"
                kind = (assay.analyte, assay.matrix, value, assay.unit, assay.method)
                yield f"tidy-{run}", "control", "", *kind, f"SYN-{assay.matrix.upper()}", f"L{level}", "SYN-1"
    n_written = 0
    for subject in range(n_subjects):
        between = {kind: random.normal() for kind in sorted({_kind(assay) for assay in assays})}
        for visit in range(VISITS):
            for assay in assays:
                if n_written >= n_results:
                    return
                n_written += 1
                spread = between[_kind(assay)] * assay.sd_between_log + random.normal() * assay.sd_within_log
                value = assay.median * float(np.exp(spread))
                fault = FAULTS[int(random.integers(len(FAULTS)))] if random.random() < 0.005 else ""
                text = _text(value, assay.decimals, fault)
                sample = _sample(subject, visit, assay.matrix)
                run = f"tidy-{(subject + visit) % n_runs}"
                row = (run, "sample", sample, assay.analyte, assay.matrix, text, assay.unit, assay.method, "", "", "")
                yield from [row] * (2 if fault == "twice" else 1)


def _kind(assay) -> tuple[str, str]:
    # Transferrin is what binds the iron: both are high in the same person.
    return assay.matrix, {"tibc": "transferrin"}.get(assay.analyte, assay.analyte)


def _text(value: float, decimals: int, fault: str) -> str:
    written = f"{value:.{decimals + 1}f}"
    return {
        "factor": f"{1000 * value:.{decimals}f}",
        "censored": f"<{written}",
        "empty": "",
        "negative": f"-{written}",
        "text": "clotted",
    }.get(fault, written)


if __name__ == "__main__":
    make_tidy_lab(Path(sys.argv[1]), int(sys.argv[2]), n_runs=int(sys.argv[3]) if len(sys.argv) > 3 else 1)
