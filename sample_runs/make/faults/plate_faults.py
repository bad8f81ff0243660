"""Faults of plates: curves, standards, blanks, ranges and duplicates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from sample_runs.make.assays import CONTROL_FRACTIONS, KITS, assay, control_material
from sample_runs.make.curve import four_pl
from sample_runs.make.faults.bench import FAULT_STUDY, STARTED, Bench, run_name
from sample_runs.make.plates import BLANK_WELLS, CALIBRATOR_WELLS, CONTROL_WELLS, SAMPLE_WELL_PAIRS, Well
from sample_runs.make.study_plates import write_plate_files

Key = tuple[str, str]
TNF = ("serum", "tnf_alpha")
FERRITIN = ("serum", "ferritin")
TNF_CONC = (6.2, 8.9, 7.4, 5.1)
"""Concentrations of four serum samples, in pg/mL, with which nothing is wrong."""
_RIPPLE = (1.004, 0.996)
"""Small disagreement of duplicates."""


def good_wells(bench: Bench, key: Key = TNF, conc: Sequence[float] = TNF_CONC) -> list[Well]:
    """Return a good plate with one new sample for each concentration.

    Parameters
    ----------
    bench : Bench
        Where samples come from.
    key : tuple of str
        Matrix and analyte.
    conc : sequence of float
        Concentrations of the samples, in the unit of the assay.

    Returns
    -------
    list of Well
        Calibrators, blanks, controls and samples, in duplicate.
    """
    entry, kit = assay(*key), KITS[key[1]]
    material, lot = control_material(entry)
    wells = []
    for index, well in enumerate(CALIBRATOR_WELLS):
        level = kit.top / 2.0 ** (index // 2)
        wells.append(Well(well, "calibrator", f"S{index // 2 + 1}", signal_of(key, level, index), conc=level))
    wells += [Well(well, "blank", "B", signal_of(key, 0.0, index)) for index, well in enumerate(BLANK_WELLS)]
    for index, well in enumerate(CONTROL_WELLS):
        level, name = kit.top * CONTROL_FRACTIONS[index // 2], f"{index // 2 + 1}"
        signal = signal_of(key, level, index)
        wells.append(Well(well, "control", f"C{name}", signal, material=material, level=f"L{name}", lot=lot))
    for found, pair in zip(conc, SAMPLE_WELL_PAIRS, strict=False):
        code = bench.sample(key[0])
        for index, well in enumerate(pair):
            signal = signal_of(key, found / entry.dilution, index)
            wells.append(Well(well, "sample", code, signal, dilution=entry.dilution))
    return wells


def signal_of(key: Key, conc: float, index: int = 0) -> float:
    """Return the absorbance that the curve of a kit gives.

    Parameters
    ----------
    key : tuple of str
        Matrix and analyte.
    conc : float
        Concentration in the well.
    index : int
        Place in a duplicate, which decides on the sign of a small disagreement.

    Returns
    -------
    float
        Absorbance, rounded as readers do.
    """
    params = np.array([0.055, 1.1, KITS[key[1]].top * 0.5, 3.3])
    return round(float(four_pl(np.array([conc]), params)[0]) * _RIPPLE[index % 2], 4)


def plate(bench: Bench, kind: str, wells: Sequence[Well], key: Key = TNF, *, run: str = "") -> str:
    """Write a plate.

    Parameters
    ----------
    bench : Bench
        Where it is made.
    kind : str
        Kind of fault.
    wells : sequence of Well
        Wells that hold something.
    key : tuple of str
        Matrix and analyte.
    run : str
        Name of the run, if not that of the kind.

    Returns
    -------
    str
        Name of the export.
    """
    started = datetime.fromisoformat(STARTED)
    name = run or run_name(kind)
    return write_plate_files(bench.folder / kind, name, key, wells, started, seed=11, study=FAULT_STUDY)


def _spoilt(wells: Sequence[Well], spoil: Callable[[Well, int], float]) -> list[Well]:
    return [replace(well, signal=round(spoil(well, index), 4)) for index, well in enumerate(wells)]


def make_plate_faults(bench: Bench) -> None:
    """Write the faults of this module.

    Parameters
    ----------
    bench : Bench
        Where they are made.
    """
    _curve(bench)
    _samples(bench)


def _curve(bench: Bench) -> None:
    factors = (1.0, 1.5, 0.7, 1.6, 0.6, 1.7, 0.7, 1.0)
    bad = _spoilt(good_wells(bench), lambda well, i: well.signal * factors[i // 2] if i < 16 else well.signal)
    why = "Six of eight calibrator levels lie far off the curve."
    bench.expect(
        "standards_off",
        why,
        [("calibration.standards", "reject", "analyte")],
        ingest=[plate(bench, "standards_off", bad)],
    )
    flat = _spoilt(good_wells(bench), lambda well, i: 0.051)
    why = "All wells read the same: no curve can be fitted."
    bench.expect(
        "curve_flat", why, [("calibration.fit", "reject", "analyte")], ingest=[plate(bench, "curve_flat", flat)]
    )
    hooked = _spoilt(good_wells(bench), lambda well, i: 1.55 * (1 + i % 2 / 250) if i < 2 else well.signal)
    why = "The highest calibrator reads less than the one below it: a hook."
    file = plate(bench, "hook", hooked)
    bench.expect("hook", why, [("calibration.hook", "warn", "analyte")], ingest=[file])
    high = _spoilt(good_wells(bench), lambda well, i: 0.412 if well.role == "blank" else well.signal)
    why = "The blanks read more than the lowest calibrator."
    bench.expect(
        "blank_high", why, [("calibration.blank", "warn", "analyte")], ingest=[plate(bench, "blank_high", high)]
    )


def _samples(bench: Bench) -> None:
    wells = good_wells(bench, conc=(6.2, 8.9, 7.4, 96.0))
    why = "One sample lies above the highest calibrator: dilute it and measure again."
    file = plate(bench, "above_uloq", wells)
    bench.expect("above_uloq", why, [("calibration.range", "warn", "result")], ingest=[file])
    wells = good_wells(bench)
    wells[-2:] = [
        replace(well, signal=signal_of(TNF, TNF_CONC[-1] * factor))
        for well, factor in zip(wells[-2:], (1.3, 0.7), strict=True)
    ]
    file = plate(bench, "replicates_disagree", wells)
    why = "The two wells of one sample disagree: CV above 40 %."
    bench.expect("replicates_disagree", why, [("replicates.cv", "warn", "result")], ingest=[file])
    wells = good_wells(bench)
    wells[-2:] = [replace(well, signal=float("inf")) for well in wells[-2:]]
    file = plate(bench, "overflow", wells)
    why = "Both wells of one sample were beyond the detector: the result is above the range."
    bench.expect("overflow", why, [("calibration.range", "warn", "result")], ingest=[file])
    file = plate(bench, "single_well", good_wells(bench)[:-1])
    why = "One sample stands in one well only: nothing shows whether it can be repeated."
    bench.expect("single_well", why, [("replicates.cv", "not_evaluable", "result")], ingest=[file])
    high = _control_high(good_wells(bench))
    file = plate(bench, "plate_control_high", high)
    why = "The middle control of the plate lies 4 SD above its target."
    bench.expect("plate_control_high", why, [("westgard.1-3s", "reject", "control")], ingest=[file])


def _control_high(wells: Sequence[Well]) -> list[Well]:
    conc = KITS["tnf_alpha"].top * CONTROL_FRACTIONS[1] * 1.36
    return [
        replace(well, signal=signal_of(TNF, conc, index)) if well.level == "L2" else well
        for index, well in enumerate(wells)
    ]
