"""Lay the plates of the study out and write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sample_runs.make.assays import KITS, assay, control_material
from sample_runs.make.files import run_sheet, write
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
from sample_runs.make.simulate import Key, PlateReading
from sample_runs.make.subjects import STUDY, Sample, shuffled

PLATE_PROFILE = "research-elisa"


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
    for sample, pair in zip(shuffled(on_plate, seed), SAMPLE_WELL_PAIRS, strict=False):
        for place, signal in zip(pair, plate.sample_signal[sample.subject, sample.visit], strict=True):
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


def write_plate(folder: Path, plate: PlateReading, samples: Sequence[Sample], started: datetime, seed: int) -> None:
    """Write one plate of the study.

    Parameters
    ----------
    folder : Path
        Where.
    plate : PlateReading
        What was read.
    samples : sequence of Sample
        Samples of the study.
    started : datetime
        When the run began.
    seed : int
        Seed of the order on the plate and of the absorbance of the plastic.
    """
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
