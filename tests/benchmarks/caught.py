"""What the rules catch in real clinical and biomarker tables, false alarms included.

    python tests/benchmarks/caught.py SHARED_DATA [--people 6401] [--only ais_ferritin]

Each table goes through the real way in: a sample sheet and one tidy file a run, ingest, assess. Printed is one line a
run with the numbers of findings by rule, and for NHANES the share of people by analyte, sex and limit.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

import qc
from qc.store.frames import query

BLAMELESS = ("controls.present", "serum_run.control_levels", "csf_run.control_levels")
"""Rules that speak of every table without controls, and so of none of these in particular."""
HEADER = ("run", "sample", "analyte", "matrix", "value", "unit", "method")


@dataclass
class TidyRun:
    """One run as a tidy table."""

    name: str
    study: str
    rows: list[tuple[str, str, str, object, str, str]]
    people: dict[str, tuple[str, int | None]] = field(default_factory=dict)


def nhanes(data: Path, n_people: int) -> Iterable[TidyRun]:
    folder = data / "nhanes_biochem_2017"
    lab, demo = (pd.read_sas(folder / name) for name in ("BIOPRO_J.XPT", "DEMO_J.XPT"))
    table = lab.merge(demo[["SEQN", "RIAGENDR", "RIDAGEYR"]], on="SEQN").head(n_people)
    people = {
        f"N{row.SEQN:.0f}": ("male" if row.RIAGENDR == 1 else "female", 2017 - int(row.RIDAGEYR))
        for row in table.itertuples()
    }
    kinds = (
        ("iron-ug", "iron", "LBXSIR", "ug/dL", 0),
        ("iron-umol", "iron", "LBDSIRSI", "umol/L", 1),
        ("ck", "ck", "LBXSCK", "U/L", 0),
        ("ck-iu", "ck", "LBXSCK", "IU/L", 0),
        ("iron-slip", "iron", "LBDSIRSI", "ug/dL", 1),
    )
    for name, analyte, column, unit, decimals in kinds:
        known = table[table[column].notna()]
        rows = [
            (f"N{seqn:.0f}", analyte, "serum", f"{value:.{decimals}f}", unit, "")
            for seqn, value in zip(known["SEQN"], known[column], strict=True)
        ]
        yield TidyRun(f"nhanes-{name}", f"NHANES-{name}", rows, people)


def athletes(data: Path, _: int) -> Iterable[TidyRun]:
    with (data / "ais_ferritin" / "ais.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    people = {f"A{i}": ({"f": "female", "m": "male"}[row["sex"]], None) for i, row in enumerate(table)}
    for name, unit in (("codebook-ng-dL", "ng/dL"), ("no-unit", ""), ("right-ng-mL", "ng/mL")):
        rows = [(f"A{i}", "ferr", "serum", row["ferr"], unit, "") for i, row in enumerate(table)]
        yield TidyRun(f"ais-{name}", f"AIS-{name}", rows, people)


def alzheimer(data: Path, _: int) -> Iterable[TidyRun]:
    table = pd.read_csv(data / "csf_alzheimer_rbm" / "ad_data.csv", dtype=str)
    unit_of = {"Ferritin": "ng/mL", "Transferrin": "mg/dL"}
    wholes = [name for name in table.columns if name not in ("male", "Class", "Genotype", "age")]
    for run, names in (("whole-table", wholes), ("ferritin-transferrin", list(unit_of))):
        rows = [
            (f"C{i}", name, "csf", table[name][i], unit_of.get(name, "ng/mL"), "bead_array")
            for name in names
            for i in range(len(table))
        ]
        yield TidyRun(f"alz-{run}", f"ALZ-{run}", rows)


def lots(data: Path, _: int) -> Iterable[TidyRun]:
    with (data / "qc_ferritin_lots" / "ferritin.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    for lot in ("old.lot", "new.lot"):
        rows = [(f"L{row['period']}-{row['id']}", "ferritin", "serum", row[lot], "ng/mL", "") for row in table]
        yield TidyRun(f"lots-{lot[:3]}", f"LOTS-{lot[:3]}", rows)


def beads(data: Path, _: int) -> Iterable[TidyRun]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(data / "bioplex_labkey_a" / "pnLINCO20070302A.xls")
    table = book.get_sheet_by_name("TNF-alpha (40)").to_python()
    rows = [
        (f"B{row[1]}", "TNF-alpha", "serum", str(row[9]), "pg/mL", "bead_array")
        for row in table
        if str(row[1]).startswith("X") and str(row[4]) not in ("C1", "C2")
    ]
    yield TidyRun("beads-tnf", "BEADS", rows)


SETS: dict[str, Callable[[Path, int], Iterable[TidyRun]]] = {
    "nhanes_biochem_2017": nhanes,
    "ais_ferritin": athletes,
    "csf_alzheimer_rbm": alzheimer,
    "qc_ferritin_lots": lots,
    "bioplex_labkey_a": beads,
}


def judged_lab(run: TidyRun, folder: Path) -> qc.Lab:
    """Return a lab that has taken in and judged one run, as a user would hand it in."""
    lab = qc.init_lab(folder, name=run.name, settings={"lab.default_study": run.study})
    samples = list(dict.fromkeys((row[0], row[2]) for row in run.rows))
    sheets = {
        "samples": [("study", "sample", "subject", "visit", "matrix", "collected_at")]
        + [(run.study, sample, f"P{sample}", "0", matrix, "2017-07-01") for sample, matrix in samples],
        run.name: [HEADER] + [(run.name, *row) for row in run.rows],
    }
    if run.people:
        known = [(f"P{sample}", *run.people[sample]) for sample, _ in samples]
        sheets["subjects"] = [("study", "subject", "sex", "birth_year")] + [(run.study, *one) for one in known]
    for name, rows in sheets.items():
        with (lab.paths.inbox / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    night = lab.nightly()
    refused = [(delivery.file, delivery.message, *map(str, delivery.faults)) for delivery in night.failed]
    if refused:
        raise SystemExit(f"{run.name} was refused: {refused}")
    return lab


def caught(lab: qc.Lab) -> dict[tuple[str, str], int]:
    """Return the number of findings by rule and verdict."""
    with lab.facts.reading() as con:
        rows = query(con, "SELECT rule, verdict, count(*) AS n FROM findings GROUP BY ALL ORDER BY ALL")
    return {(rule, verdict): n for rule, verdict, n in rows.iter_rows() if rule not in BLAMELESS}


def shares(lab: qc.Lab) -> list[tuple[str, str, int, float, float]]:
    """Return analyte, sex, results and the shares that soft and hard limits flag, in percent."""
    text = """
        SELECT r.analyte, coalesce(u.sex, '') AS sex, count(DISTINCT r.result_id) AS n,
            100.0 * count(DISTINCT r.result_id) FILTER (f.rule = 'range.soft') / count(DISTINCT r.result_id) AS soft,
            100.0 * count(DISTINCT r.result_id) FILTER (f.rule = 'range.hard') / count(DISTINCT r.result_id) AS hard
        FROM results r LEFT JOIN latest_samples s ON s.sample = r.sample
        LEFT JOIN latest_subjects u ON u.subject = s.subject LEFT JOIN findings f ON f.result_id = r.result_id
        GROUP BY ALL ORDER BY ALL
    """
    with lab.facts.reading() as con:
        return [tuple(row) for row in query(con, text).iter_rows()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds the sets")
    parser.add_argument("--people", type=int, default=6401, help="people of NHANES to take")
    parser.add_argument("--only", choices=sorted(SETS), help="one set alone")
    asked = parser.parse_args()
    print("| set | run | results | findings by rule |\n|---|---|---|---|")
    people: list[tuple[str, str, str, int, float, float]] = []
    for name in [asked.only] if asked.only else SETS:
        for run in SETS[name](asked.data, asked.people):
            with tempfile.TemporaryDirectory() as folder:
                lab = judged_lab(run, Path(folder) / "lab")
                said = ", ".join(f"{rule} {verdict} {n}" for (rule, verdict), n in caught(lab).items())
                print(f"| {name} | {run.name} | {len(run.rows)} | {said or 'none'} |", flush=True)
                if run.people:
                    people += [(run.name, *row) for row in shares(lab)]
    print("\n| run | analyte | sex | results | soft % | hard % |\n|---|---|---|---|---|---|")
    for run_name, analyte, sex, n, soft, hard in people:
        print(f"| {run_name} | {analyte} | {sex} | {n} | {soft:.2f} | {hard:.2f} |")


if __name__ == "__main__":
    main()
