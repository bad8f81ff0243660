"""Simulate the true concentrations and what the instruments would have read of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sample_runs.make.assays import ASSAYS, KITS, N_SUBJECTS, VISITS, Assay
from sample_runs.make.curve import Floats, fit_four_pl, four_pl, invert
from sample_runs.make.subjects import ABOVE_RANGE, BLOODY, CK_HIGH, DISCORDANT_WELLS, HAEMOLYSED

PLATE_SUBJECTS = (tuple(range(8)), tuple(range(8, N_SUBJECTS)))
"""Subjects of the two plates of an assay: all visits of a subject stand on one plate."""
N_LEVELS = 8
WELL_NOISE = 0.015
"""Relative SD of a well's absorbance."""
PIPETTING_NOISE = 0.03
"""Relative SD of the concentration in a well."""
TREND = np.array([0.0, 0.4, 0.75, 1.0])
"""Share of the month-3 effect at each visit."""
HAEMOLYSIS_FACTORS = {"iron": 1.2, "ck": 1.25, "ferritin": 1.15}
BLOOD_FACTORS = {"iron": 1.5, "ferritin": 1.4, "transferrin": 1.3, "tibc": 1.3}
TIBC_PER_TRANSFERRIN = 1.33
CSF_TIBC_PER_TRANSFERRIN = 1.404
"""In ug/mg: the theoretical binding capacity of transferrin."""
CK_HIGH_U_PER_L = 1400.0
ABOVE_RANGE_PG_PER_ML = 66000.0

Key = tuple[str, str]


@dataclass(slots=True)
class PlateReading:
    """Wells of one plate as read: corrected absorbance, in the order of the layout."""

    assay: Assay
    """What the plate measures."""
    number: int
    """1 or 2."""
    subjects: tuple[int, ...]
    """Indexes of the subjects on the plate."""
    calibrator_conc: Floats
    """Concentration of the calibrator wells, shape (16,), highest first, in duplicate."""
    calibrator_signal: Floats
    """Their absorbance, shape (16,)."""
    blank_signal: Floats
    """Absorbance of the blanks, shape (2,)."""
    control_signal: Floats
    """Absorbance of the control wells, shape (6,), lowest level first, in duplicate."""
    sample_signal: dict[tuple[int, int], Floats] = field(default_factory=dict)
    """Absorbance of the two wells by subject and visit index."""

    @property
    def params(self) -> Floats:
        """Refit the curve.

        Returns
        -------
        ndarray of float, shape (4,)
            a, b, c, d.
        """
        return fit_four_pl(self.calibrator_conc, self.calibrator_signal)


@dataclass(slots=True)
class Simulation:
    """One simulated study."""

    seed: int
    """Seed of the simulation."""
    chemistry: dict[Key, Floats]
    """Analyser values by matrix and analyte, shape (n_subjects, n_visits), unrounded."""
    chemistry_controls: dict[Key, Floats]
    """Control values, shape (2 runs, n_levels, 2 replicates); a single run uses the first."""
    plates: list[PlateReading]
    """Plates in the order of the assays."""


def simulate(seed: int) -> Simulation:
    """Simulate a whole study.

    Parameters
    ----------
    seed : int
        Seed; the same seed gives the same study.

    Returns
    -------
    Simulation
        What the instruments read.
    """
    rng = np.random.default_rng([seed, 7])
    true = _true_values(rng)
    chemistry = {
        entry.key: true[entry.key] * np.exp(rng.normal(0, 0.025, true[entry.key].shape))
        for entry in ASSAYS
        if entry.method != "elisa"
    }
    decimals = next(entry.decimals for entry in ASSAYS if entry.key == ("csf", "transferrin"))
    chemistry["csf", "tibc"] = CSF_TIBC_PER_TRANSFERRIN * np.round(chemistry["csf", "transferrin"], decimals)
    chemistry[CK_HIGH[:2]][CK_HIGH[2:]] = CK_HIGH_U_PER_L
    measured = [entry for entry in ASSAYS if entry.method not in {"elisa", "calculated"}]
    controls = {entry.key: _control_values(entry, rng) for entry in measured}
    controls["csf", "tibc"] = CSF_TIBC_PER_TRANSFERRIN * np.round(controls["csf", "transferrin"], decimals)
    plates = [
        _read_plate(entry, number, true[entry.key], rng)
        for entry in ASSAYS
        if entry.method == "elisa"
        for number in (1, 2)
    ]
    return Simulation(seed, chemistry, controls, plates)


def _true_values(rng: np.random.Generator) -> dict[Key, Floats]:
    true = {}
    for entry in ASSAYS:
        between = np.clip(rng.normal(0, 1, N_SUBJECTS), -1.9, 1.9) * entry.sd_between_log
        within = np.clip(rng.normal(0, 1, (N_SUBJECTS, len(VISITS))), -2.2, 2.2) * entry.sd_within_log
        true[entry.key] = entry.median * np.exp(between[:, None] + np.log(entry.month_3_ratio) * TREND + within)
    shape = true["serum", "tibc"].shape
    true["serum", "tibc"] = TIBC_PER_TRANSFERRIN * true["serum", "transferrin"] * np.exp(rng.normal(0, 0.02, shape))
    for (matrix, subject, visit), factors in ((HAEMOLYSED, HAEMOLYSIS_FACTORS), (BLOODY, BLOOD_FACTORS)):
        for analyte, factor in factors.items():
            true[matrix, analyte][subject, visit] *= factor
    true[ABOVE_RANGE[:2]][ABOVE_RANGE[2:]] = ABOVE_RANGE_PG_PER_ML
    return true


def _control_values(entry: Assay, rng: np.random.Generator) -> Floats:
    targets = np.array(entry.control_targets)[None, :, None]
    values: Floats = targets * np.exp(rng.normal(0, 0.018, (2, len(entry.control_targets), 2)))
    return values


def _read_plate(entry: Assay, number: int, true: Floats, rng: np.random.Generator) -> PlateReading:
    kit = KITS[entry.analyte]
    curve = np.array([0.055, 1.1, kit.top * 0.5, 3.3]) * np.exp(rng.normal(0, [0.02, 0.01, 0.05, 0.04]))
    calibrators = np.repeat(kit.top / 2.0 ** np.arange(N_LEVELS), 2)
    control_conc = np.repeat(np.array(entry.control_targets) * np.exp(rng.normal(0, 0.02, 3)), 2)
    plate = PlateReading(
        entry,
        number,
        PLATE_SUBJECTS[number - 1],
        calibrators,
        _read(calibrators, curve, rng),
        np.round(curve[0] * np.exp(rng.normal(0, 0.02, 2)), 4),
        _read(control_conc, curve, rng),
    )
    for subject in plate.subjects:
        for visit in range(len(VISITS)):
            conc = np.repeat(true[subject, visit] / entry.dilution, 2) * np.exp(rng.normal(0, PIPETTING_NOISE, 2))
            if (*entry.key, subject, visit) == DISCORDANT_WELLS:
                conc = conc.mean() * np.array([1.27, 0.73])
            plate.sample_signal[subject, visit] = _read(conc, curve, rng)
    return plate


def _read(conc: Floats, curve: Floats, rng: np.random.Generator) -> Floats:
    return np.round(four_pl(conc, curve) * np.exp(rng.normal(0, WELL_NOISE, conc.shape)), 4)


def plate_conc(plate: PlateReading, subject: int, visit: int, params: Floats | None = None) -> float:
    """Return the concentration of a sample from the mean absorbance of its wells, times its dilution.

    Parameters
    ----------
    plate : PlateReading
        The plate.
    subject : int
        Index of the subject.
    visit : int
        Index of the visit.
    params : ndarray of float, optional
        Curve of the plate, where it is known already.

    Returns
    -------
    float
        Concentration, in the unit of the assay.
    """
    curve = plate.params if params is None else params
    mean = np.array([plate.sample_signal[subject, visit].mean()])
    return float(invert(mean, curve)[0]) * plate.assay.dilution
