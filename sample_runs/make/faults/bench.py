"""The bench on which faulty deliveries are made: samples of their own, good runs to spoil, and what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sample_runs.make import sheets
from sample_runs.make.assays import Assay, assay, control_sd
from sample_runs.make.chemistry import COLUMNS, control_rows, sample_row
from sample_runs.make.files import Cell, Row, as_json, table, write
from sample_runs.make.study import chemistry_sheet
from sample_runs.make.subjects import CODE_SEED, HAEMOLYSIS_PLATFORM, sample_codes, study_samples

FAULT_STUDY = "FAULTS"
STARTED = "2025-10-06T09:00:00"
SERUM_IRON = (92, 105, 78, 110)
"""Values of four serum samples, in ug/dL, with which nothing is wrong."""
_COLLECTED = datetime.fromisoformat("2025-06-02T08:20:00")
_FROZEN = datetime.fromisoformat("2025-06-02T09:30:00")


@dataclass(slots=True)
class Bench:
    """Where faulty deliveries are made."""

    folder: Path
    """Folder that takes one folder for each kind."""
    sample_rows: list[Row] = field(default_factory=list)
    """Rows of the sample sheet of the faults so far."""
    codes: Iterator[str] = field(default_factory=lambda: iter(_fresh_codes()))
    """Codes that no sample of the study has."""

    def sample(self, matrix: str = "serum", **changed: Cell) -> str:
        """Add a sample of a subject of its own to the sheet.

        Parameters
        ----------
        matrix : str
            ``serum`` or ``csf``.
        **changed : str, float, int or None
            Columns of the sheet that differ from those of a good sample.

        Returns
        -------
        str
            Code of the sample.
        """
        code = next(self.codes)
        row: dict[str, Cell] = {
            "study": FAULT_STUDY,
            "sample": code,
            "subject": f"FLT-{len(self.sample_rows) + 1:03d}",
            "visit": "0",
            "matrix": matrix,
            "collected_at": _COLLECTED.isoformat(),
            "frozen_at": _FROZEN.isoformat(),
            "tube": sheets.TUBES[matrix],
            "freeze_thaw_cycles": 1,
        }
        if matrix == "serum":
            row["haemolysis_index"], row["haemolysis_platform"] = 6, HAEMOLYSIS_PLATFORM
        else:
            row["rbc_per_ul"] = 2
        self.sample_rows.append(row | changed)
        return code

    def chemistry(
        self, kind: str, rows: Sequence[Row], *, run: str = "", started_at: str = STARTED, matrix: str = "serum"
    ) -> str:
        """Write a tidy run with its run sheet.

        Parameters
        ----------
        kind : str
            Kind of fault; names the folder, and the run unless ``run`` does.
        rows : sequence of mapping
            Rows of the run.
        run : str
            Name of the run.
        started_at : str
            When it began; empty for not told.
        matrix : str
            Matrix in the run sheet.

        Returns
        -------
        str
            Name of the table.
        """
        name = run or run_name(kind)
        write(self.folder / kind / f"{name}.csv", table(COLUMNS, [{**row, "run": name} for row in rows]))
        sheet = chemistry_sheet(name, started_at, matrix=matrix, study=FAULT_STUDY)
        write(self.folder / kind / f"{name}.run.toml", sheet)
        return f"{name}.csv"

    def good_rows(self, values: Sequence[Cell] = SERUM_IRON, entry: Assay | None = None) -> list[Row]:
        """Return a run with good controls and one new sample for each value.

        Parameters
        ----------
        values : sequence of str, float, int or None
            Values as written.
        entry : Assay, optional
            What is measured; serum iron if not named.

        Returns
        -------
        list of mapping
            Rows: controls of all levels in duplicate, then the samples.
        """
        chosen = entry or assay("serum", "iron")
        samples = [sample_row("", chosen, self.sample(chosen.matrix), value) for value in values]
        return [*controls(chosen), *samples]

    def expect(
        self,
        kind: str,
        why: str,
        findings: Sequence[tuple[str, str, str]] = (),
        *,
        ingest: Sequence[str],
        quarantined: Sequence[str] = (),
        waits: bool = True,
    ) -> None:
        """Write what must be said about a delivery.

        Parameters
        ----------
        kind : str
            Kind of fault.
        why : str
            Full sentence.
        findings : sequence of tuple of str
            Rule, verdict and scope of each finding that must be there.
        ingest : sequence of str
            Files to hand in, in this order.
        quarantined : sequence of str
            Those of them that must be refused.
        waits : bool
            Whether something waits for a person; a tolerated warning holds nothing back.
        """
        tree = {
            "why": why,
            "exit": 3 if quarantined else int(waits),
            "ingest": list(ingest),
            "findings": [{"rule": rule, "verdict": verdict, "scope": scope} for rule, verdict, scope in findings],
            "quarantined": list(quarantined),
        }
        write(self.folder / kind / "expected.json", as_json(tree))

    def write_sheets(self) -> None:
        """Write the sample sheet and the subject sheet of all faults."""
        write(self.folder / "samples.csv", table(sheets.SAMPLE_COLUMNS, self.sample_rows))
        subjects: list[Row] = [
            {"study": FAULT_STUDY, "subject": subject, "sex": "male", "birth_year": 1965}
            for subject in dict.fromkeys(row["subject"] for row in self.sample_rows)
        ]
        write(self.folder / "subjects.csv", table(sheets.SUBJECT_COLUMNS, subjects))


def run_name(kind: str) -> str:
    """Return the name of the run of a fault.

    Parameters
    ----------
    kind : str
        Kind of fault.

    Returns
    -------
    str
        Name without underscores.
    """
    return f"fault-{kind.replace('_', '-')}"


def controls(entry: Assay, *z_by_level: Sequence[float]) -> list[Row]:
    """Return control rows with given distances from the target.

    Parameters
    ----------
    entry : Assay
        What is measured.
    *z_by_level : sequence of float
        Distances in SD, one for each replicate, lowest level first; none means good duplicates.

    Returns
    -------
    list of mapping
        Control rows.
    """
    distances = z_by_level or [(0.3, -0.4)] * len(entry.control_targets)
    values = [
        [target + z * control_sd(entry, target) for z in level]
        for target, level in zip(entry.control_targets, distances, strict=True)
    ]
    return control_rows("", entry, values)


def _fresh_codes() -> list[str]:
    taken = {sample.code for sample in study_samples()}
    return [code for code in sample_codes(400, CODE_SEED + 4) if code not in taken]
