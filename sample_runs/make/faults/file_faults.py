"""Faults of whole files: those that must go to quarantine with every reason named."""

from __future__ import annotations

from sample_runs.make.chemistry import COLUMNS
from sample_runs.make.faults.bench import FAULT_STUDY, STARTED, Bench, run_name
from sample_runs.make.faults.plate_faults import FERRITIN, good_wells, plate
from sample_runs.make.files import table, write
from sample_runs.make.sheets import SAMPLE_COLUMNS, SUBJECT_COLUMNS
from sample_runs.make.study import chemistry_sheet


def make_file_faults(bench: Bench) -> None:
    """Write the faults of this module.

    Parameters
    ----------
    bench : Bench
        Where they are made.
    """
    _tables(bench)
    _plates(bench)
    _sheets(bench)
    _corrected(bench)


def _refused(bench: Bench, kind: str, why: str, text: str | bytes, *, suffix: str = "csv") -> None:
    name = f"{run_name(kind)}.{suffix}"
    path = bench.folder / kind / name
    if isinstance(text, str):
        write(path, text)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    sheet = chemistry_sheet(run_name(kind), STARTED, matrix="serum", study=FAULT_STUDY)
    write(path.with_name(f"{run_name(kind)}.run.toml"), sheet)
    bench.expect(kind, why, ingest=[name], quarantined=[name])


def _good_table(bench: Bench, kind: str) -> str:
    return table(COLUMNS, [{**row, "run": run_name(kind)} for row in bench.good_rows()])


def _tables(bench: Bench) -> None:
    lines = _good_table(bench, "ragged_rows").splitlines()
    lines[3] += ",one,two"
    lines[5] = lines[5].rsplit(",", 6)[0]
    why = "Line 4 has two cells too many, line 6 lacks six."
    _refused(bench, "ragged_rows", why, "\n".join(lines) + "\n")
    text = _good_table(bench, "duplicate_header").replace("material,level,lot", "material,value,lot", 1)
    _refused(bench, "duplicate_header", "Two columns are called 'value'.", text)
    text = _good_table(bench, "nul_byte").replace("colorimetric", "color\0metric", 1)
    _refused(bench, "nul_byte", "A NUL byte stands in line 2.", text)
    text = _good_table(bench, "missing_column").replace(",unit,", ",price,", 1).replace(",value,", ",colour,", 1)
    _refused(bench, "missing_column", "The columns of the value and of the unit are absent.", text)
    text = _good_table(bench, "two_decimal_marks").replace(",110,", ',"110,5",', 1)
    _refused(bench, "two_decimal_marks", "One number has a decimal comma, the others have points.", text)
    _refused(bench, "empty_file", "Nothing stands in the file.", "")
    _refused(
        bench, "broken_workbook", "The name says workbook, the bytes do not.", b"PK\x03\x04SYNTHETIC", suffix="xlsx"
    )


def _plates(bench: Bench) -> None:
    kind = "plate_without_map"
    file = plate(bench, kind, good_wells(bench))
    (bench.folder / kind / f"{run_name(kind)}.map.csv").unlink()
    sheet = bench.folder / kind / f"{run_name(kind)}.run.toml"
    write(sheet, "".join(line for line in sheet.read_text("utf-8").splitlines(True) if not line.startswith("map =")))
    bench.expect(kind, "No plate map tells what stands in the wells.", ingest=[file], quarantined=[file])
    kind = "map_outside_plate"
    file = plate(bench, kind, good_wells(bench))
    path = bench.folder / kind / f"{run_name(kind)}.map.csv"
    write(path, path.read_text("utf-8").replace("\nA4,", "\nA14,").replace("\nB4,", "\nK4,"))
    bench.expect(
        kind, "The map names wells A14 and K4, which a plate of 96 has not.", ingest=[file], quarantined=[file]
    )
    kind = "two_wavelengths"
    file = plate(bench, kind, good_wells(bench, FERRITIN, (150, 88, 210, 131)), FERRITIN)
    sheet = bench.folder / kind / f"{run_name(kind)}.run.toml"
    lines = [line for line in sheet.read_text("utf-8").splitlines(True) if "signal" not in line]
    write(sheet, "".join(lines))
    why = "The export holds two wavelengths, and nothing says which to take."
    bench.expect(kind, why, ingest=[file], quarantined=[file])


def _sheets(bench: Bench) -> None:
    kind = "duplicate_sample"
    rows = [{**row, "study": FAULT_STUDY} for row in bench.sample_rows[:3]]
    rows.append({**rows[0], "matrix": "csf"})
    write(bench.folder / kind / "samples.csv", table(SAMPLE_COLUMNS, rows))
    why = "One sample stands twice in the sheet, once as serum and once as CSF."
    bench.expect(kind, why, ingest=["samples.csv"], quarantined=["samples.csv"])
    kind = "impossible_subject"
    rows = [{"study": FAULT_STUDY, "subject": "FLT-901", "sex": "yes", "birth_year": "19x5"}]
    write(bench.folder / kind / "subjects.csv", table(SUBJECT_COLUMNS, rows))
    why = "Sex and birth year are no sex and no year."
    bench.expect(kind, why, ingest=["subjects.csv"], quarantined=["subjects.csv"])


def _corrected(bench: Bench) -> None:
    kind = "correction_not_said"
    rows = bench.good_rows()
    later = [*rows[:-1], {**rows[-1], "value": 111}]
    files = []
    for part, content in (("first", rows), ("second", later)):
        bench.chemistry(f"{kind}/{part}", content, run=run_name(kind))
        files.append(f"{part}/{run_name(kind)}.csv")
    why = "The second file changes a run, and nobody said that it is a correction: it waits for a person."
    bench.expect(kind, why, ingest=files, quarantined=[])
