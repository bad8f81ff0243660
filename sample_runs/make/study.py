"""Put the clean study together: sheets, chemistry runs and plates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from sample_runs.make import sheets
from sample_runs.make.assays import KITS, assay, control_material
from sample_runs.make.chemistry import COLUMNS, control_rows, result_rows
from sample_runs.make.files import Row, run_sheet, table, workbook, write
from sample_runs.make.pattern import Reported, report
from sample_runs.make.plates import (
    BLANK_WELLS,
    CALIBRATOR_WELLS,
    CONTROL_WELLS,
    SAMPLE_WELL_PAIRS,
    Well,
    matrix_text,
    plate_map,
    reference_signals,
    softmax_text,
)
from sample_runs.make.simulate import PLATE_SUBJECTS, Key, PlateReading, Simulation
from sample_runs.make.subjects import CODE_SEED, STUDY, Sample, study_samples

FIRST_DAY = datetime.fromisoformat("2025-09-01T09:10:00")
FIRST_PLATE_DAY = datetime.fromisoformat("2025-09-08T09:30:00")
ORDER_SEED = CODE_SEED + 3
CHEMISTRY_PROFILE = "clinical-westgard-n2"
PLATE_PROFILE = "research-elisa"
SERUM_CHEMISTRY = ("iron", "tibc", "transferrin", "ck")
CSF_CHEMISTRY = ("iron", "transferrin", "ck")


def write_study(folder: Path, study: Simulation) -> None:
    """Write the clean study.

    Parameters
    ----------
    folder : Path
        Where.
    study : Simulation
        What the instruments read.
    """
    samples = study_samples()
    write(folder / "subjects.csv", sheets.subject_sheet())
    write(folder / "samples.csv", sheets.sample_sheet(samples))
    write(folder / "controls.csv", sheets.control_sheet())
    _write_chemistry(folder / "results", study, samples)
    for index, plate in enumerate(study.plates):
        started = FIRST_PLATE_DAY + timedelta(days=index // 2 + 2 * (index // 10), hours=4 * (index % 2))
        _write_plate(folder / "plates", plate, samples, started, ORDER_SEED + 100 + index)


def chemistry_sheet(run: str, started_at: str, *, matrix: str, method: str = "", study: str = STUDY) -> str:
    """Return the run sheet of a chemistry run.

    Parameters
    ----------
    run : str
        Name of the run.
    started_at : str
        When it began, ISO form; empty leaves it out.
    matrix : str
        Matrix of the samples.
    method : str
        Method of all rows; empty if each row says its own.
    study : str
        Name of the study.

    Returns
    -------
    str
        TOML text.
    """
    lots = {} if method == "calculated" else {"reagent_lot": "SYN-R-2506", "calibrator_lot": "SYN-K-2506"}
    keys = {"run": run, "study": study, "matrix": matrix, "method": method, "platform": "chemistry"}
    keys |= {"instrument": "SYN-ANALYSER-1", "operator": "demo", **lots}
    return run_sheet(keys | {"started_at": started_at, "profile": CHEMISTRY_PROFILE})


def _shuffled(samples: Sequence[Sample], seed: int) -> list[Sample]:
    order = np.random.default_rng(seed).permutation(len(samples))
    return [samples[int(index)] for index in order]


def _write_chemistry(folder: Path, study: Simulation, samples: Sequence[Sample]) -> None:
    results = report(study)
    for part, subjects in enumerate(PLATE_SUBJECTS):
        run = f"serum-chem-{part + 1}"
        kept = _shuffled([sample for sample in samples if sample.subject in subjects], ORDER_SEED + part)
        rows = _run_rows(run, [results["serum", analyte] for analyte in SERUM_CHEMISTRY], kept, study, part)
        write(folder / f"{run}.csv", table(COLUMNS, rows))
        sheet = chemistry_sheet(run, (FIRST_DAY + timedelta(days=part)).isoformat(), matrix="serum")
        write(folder / f"{run}.run.toml", sheet)
    kept = _shuffled(samples, ORDER_SEED + 2)
    rows = _run_rows("csf-chem-1", [results["csf", analyte] for analyte in CSF_CHEMISTRY], kept, study, 0)
    (folder / "csf-chem-1.xlsx").write_bytes(workbook("Results", COLUMNS, rows))
    started = FIRST_DAY + timedelta(days=2)
    write(folder / "csf-chem-1.run.toml", chemistry_sheet("csf-chem-1", started.isoformat(), matrix="csf"))
    rows = result_rows("csf-tibc-1", results["csf", "tibc"], kept)
    write(folder / "csf-tibc-1.csv", table(COLUMNS, rows, delimiter=";", comma=True))
    started += timedelta(hours=6)
    sheet = chemistry_sheet("csf-tibc-1", started.isoformat(), matrix="csf", method="calculated")
    write(folder / "csf-tibc-1.run.toml", sheet)


def _run_rows(
    run: str, reported: Sequence[Reported], samples: Sequence[Sample], study: Simulation, part: int
) -> list[Row]:
    # Each level is measured before and after the samples, as laboratories do.
    controls: list[Row] = []
    for entry in reported:
        controls += control_rows(run, entry.assay, study.chemistry_controls[entry.assay.key][part])
    before = [row for row in controls if row["replicate"] == "1"]
    after = [row for row in controls if row["replicate"] != "1"]
    results = [row for entry in reported for row in result_rows(run, entry, samples)]
    return [*before, *results, *after]


def plate_name(key: Key, number: int) -> str:
    """Return the name of a plate and of its run.

    Parameters
    ----------
    key : tuple of str
        Matrix and analyte.
    number : int
        1 or 2.

    Returns
    -------
    str
        Name such as ``csf-nfl-2``.
    """
    return f"{key[0]}-{key[1].replace('_alpha', '')}-{number}"


def plate_wells(plate: PlateReading, samples: Sequence[Sample], seed: int) -> list[Well]:
    """Lay the readings of a plate out.

    Parameters
    ----------
    plate : PlateReading
        What was read.
    samples : sequence of Sample
        Samples of the study.
    seed : int
        Seed of the order of the samples on the plate.

    Returns
    -------
    list of Well
        Wells that hold something.
    """
    material, lot = control_material(plate.assay)
    wells = [
        Well(place, "calibrator", f"S{index // 2 + 1}", float(signal), conc=float(conc))
        for index, (place, conc, signal) in enumerate(
            zip(CALIBRATOR_WELLS, plate.calibrator_conc, plate.calibrator_signal, strict=True)
        )
    ]
    wells += [Well(p, "blank", "B", float(s)) for p, s in zip(BLANK_WELLS, plate.blank_signal, strict=True)]
    for index, (place, signal) in enumerate(zip(CONTROL_WELLS, plate.control_signal, strict=True)):
        level = f"L{index // 2 + 1}"
        wells.append(
            Well(place, "control", f"C{index // 2 + 1}", float(signal), material=material, level=level, lot=lot)
        )
    on_plate = [s for s in samples if s.matrix == plate.assay.matrix and s.subject in plate.subjects]
    for sample, places in zip(_shuffled(on_plate, seed), SAMPLE_WELL_PAIRS, strict=False):
        for place, signal in zip(places, plate.sample_signal[sample.subject, sample.visit], strict=True):
            wells.append(Well(place, "sample", sample.code, float(signal), dilution=plate.assay.dilution))
    return wells


def plate_sheet(run: str, key: Key, export: str, started: datetime, *, study: str = STUDY) -> str:
    """Return the run sheet of a plate.

    Parameters
    ----------
    run : str
        Name of the run.
    key : tuple of str
        Matrix and analyte.
    export : str
        Name of the export.
    started : datetime
        When the run began.
    study : str
        Name of the study.

    Returns
    -------
    str
        TOML text.
    """
    entry, kit = assay(*key), KITS[key[1]]
    keys = {"run": run, "study": study, "matrix": key[0], "analyte": key[1], "unit": entry.unit, "method": "elisa"}
    keys |= {"platform": entry.platform, "instrument": f"SYN-READER-{1 if kit.export == 'softmax' else 2}"}
    keys |= {"operator": "demo", "reagent_lot": f"SYN-{kit.code}-KIT-31", "calibrator_lot": f"SYN-{kit.code}-CAL-31"}
    keys |= {"started_at": started.isoformat(), "model": "4pl", "weight": "1/y2", "profile": PLATE_PROFILE}
    signals = {"signal": "450", "reference_signal": "570"} if kit.export == "softmax" else {}
    return run_sheet(keys, {"export": export, "map": f"{run}.map.csv", **signals})


def _write_plate(folder: Path, plate: PlateReading, samples: Sequence[Sample], started: datetime, seed: int) -> None:
    run = plate_name(plate.assay.key, plate.number)
    write_plate_files(folder, run, plate.assay.key, plate_wells(plate, samples, seed), started, seed=seed)


def write_plate_files(
    folder: Path, run: str, key: Key, wells: Sequence[Well], started: datetime, *, seed: int, study: str = STUDY
) -> str:
    """Write export, plate map and run sheet of one plate.

    Parameters
    ----------
    folder : Path
        Where.
    run : str
        Name of the run and stem of the files.
    key : tuple of str
        Matrix and analyte.
    wells : sequence of Well
        Wells that hold something.
    started : datetime
        When the run began; it was read two hours and a half later.
    seed : int
        Seed of the absorbance of the plastic.
    study : str
        Name of the study.

    Returns
    -------
    str
        Name of the export.
    """
    read_at = started + timedelta(hours=2, minutes=30)
    if KITS[key[1]].export == "softmax":
        export = f"{run}.txt"
        text = softmax_text(run, wells, reference_signals(seed), read_at)
        write(folder / export, text, encoding="cp1252", newline="\r\n")
    else:
        export = f"{run}.csv"
        write(folder / export, matrix_text(run, wells, read_at), newline="\r\n")
    write(folder / f"{run}.map.csv", plate_map(wells))
    write(folder / f"{run}.run.toml", plate_sheet(run, key, export, started, study=study))
    return export
