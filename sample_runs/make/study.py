"""Put the clean study together: sheets, chemistry runs and plates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sample_runs.make import sheets
from sample_runs.make.assays import ASSAYS, VISITS
from sample_runs.make.chemistry import COLUMNS, control_rows, result_rows
from sample_runs.make.files import Row, run_sheet, table, workbook, write
from sample_runs.make.reported import Reported, report
from sample_runs.make.simulate import PLATE_SUBJECTS, Simulation
from sample_runs.make.study_plates import write_plate
from sample_runs.make.subjects import CODE_SEED, LABEL, STUDY, Sample, shuffled, study_samples

FIRST_DAY = datetime.fromisoformat("2025-09-01T09:10:00")
FIRST_PLATE_DAY = datetime.fromisoformat("2025-09-08T09:30:00")
ORDER_SEED = CODE_SEED + 3
CHEMISTRY_PROFILE = "clinical-westgard-n2"
SERUM_CHEMISTRY = ("iron", "tibc", "transferrin", "ck")
CSF_CHEMISTRY = ("iron", "transferrin", "ck")
_PLAN_SETTINGS = (
    'other_followups = ["1", "2"]  # described, outside the family',
    'test = "signed_rank"  # exact, conditional on ties',
    'zeros = "wilcox"  # zero differences are dropped before ranking',
    'alternative = "two_sided"',
    'scale = "raw"',
    'estimator = "hodges_lehmann"',
    "confidence = 0.95",
    "alpha = 0.05",
    'correction = "holm"  # over all endpoints below',
    'sensitivity = ["without_overridden", "leave_one_out", "zeros", "scale", "below_lloq", "tests", '
    '"without_split_plates", "unrounded"]',
    'below_lloq = "ladder"  # re-censored, scored or signs only, by how much is censored',
    "prentice_wilcoxon_above = 0.15",
    "sign_test_above = 0.5",
    'resolution = "reported"  # differences are rounded to the decimals that the laboratory reports',
    "minimum_pairs = 6",
    'several_results = "refuse"',
    'excluded_pairs = ["platform", "method", "lot"]  # where no bridging is on record',
    "equivalence_ratio = 1.25",
    "target_power = 0.8",
)


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
    write(folder / "plan.toml", plan())
    _write_chemistry(folder / "results", study, samples)
    for index, plate in enumerate(study.plates):
        started = FIRST_PLATE_DAY + timedelta(days=index // 2 + 2 * (index // 10), hours=4 * (index % 2))
        write_plate(folder / "plates", plate, samples, started, ORDER_SEED + 100 + index)


def plan() -> str:
    """Return the plan of the paired tests: sixteen contrasts of the last visit against the first.

    Returns
    -------
    str
        TOML text.
    """
    lines = [f"# {LABEL} study. Lock the plan before the release is opened.", f'study = "{STUDY}"']
    lines += [f'baseline = "{VISITS[0]}"', f'followup = "{VISITS[-1]}"', "", *_PLAN_SETTINGS, "", "endpoints = ["]
    lines += [f'    {{ analyte = "{entry.analyte}", matrix = "{entry.matrix}" }},' for entry in ASSAYS]
    return "\n".join([*lines, "]"]) + "\n"


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


def _write_chemistry(folder: Path, study: Simulation, samples: Sequence[Sample]) -> None:
    results = report(study)
    for part, subjects in enumerate(PLATE_SUBJECTS):
        run = f"serum-chem-{part + 1}"
        ordered = shuffled([sample for sample in samples if sample.subject in subjects], ORDER_SEED + part)
        rows = _run_rows(run, [results["serum", analyte] for analyte in SERUM_CHEMISTRY], ordered, study, part)
        write(folder / f"{run}.csv", table(COLUMNS, rows))
        sheet = chemistry_sheet(run, (FIRST_DAY + timedelta(days=part)).isoformat(), matrix="serum")
        write(folder / f"{run}.run.toml", sheet)
    ordered = shuffled(samples, ORDER_SEED + 2)
    rows = _run_rows("csf-chem-1", [results["csf", analyte] for analyte in CSF_CHEMISTRY], ordered, study, 0)
    (folder / "csf-chem-1.xlsx").write_bytes(workbook("Results", COLUMNS, rows))
    started = FIRST_DAY + timedelta(days=2)
    write(folder / "csf-chem-1.run.toml", chemistry_sheet("csf-chem-1", started.isoformat(), matrix="csf"))
    rows = _run_rows("csf-tibc-1", [results["csf", "tibc"]], ordered, study, 0)
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
