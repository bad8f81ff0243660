from __future__ import annotations

import csv
import re

import polars as pl
import pytest

import qc
from qc.store.frames import query

PRION = """
id = "prp"
name = "prion protein"
synonyms = ["PrP"]
[matrices.csf]
unit = "ng/mL"
units = ["ng/mL"]
decimals = { value = 3, unit = "1", source = "Tables of the authors", status = "confirmed" }
"""
WELLS = """
SELECT r.run, w.plate, w.well, x.role, x.name, x.conc, x.signal, x.flag, x.dilution, w.value, w.censor
FROM well_concentrations w JOIN run_states USING (run_id, assessment_id) JOIN runs r USING (run_id)
JOIN wells x ON x.run_id = w.run_id AND x.plate = w.plate AND x.well = w.well
"""


def _lab(folder, catalogue):
    lab = qc.init_lab(folder, name="real plates")
    (lab.paths.catalogue / "own.toml").write_text(catalogue)
    settings = lab.paths.settings
    settings.write_text(re.sub(r"(?m)^suites = .*", "suites = {}", settings.read_text()))
    return qc.open_lab(folder)


def _signal(name):
    if "salvage" in name:
        return {"signal": "450", "reference_signal": "620"}
    if name.endswith(".csv"):
        return {"signal": "Meas A", "reference_signal": "Meas B"}
    return {"signal": "450", "reference_signal": "630"}


@pytest.fixture(scope="module")
def prion_wells(shared, tmp_path_factory):
    data = shared / "data" / "elisa_cns_prp"
    lab = _lab(tmp_path_factory.mktemp("prp") / "lab", PRION)
    with (data / "meta" / "plates.tsv").open() as file:
        plates = list(csv.DictReader(file, delimiter="\t"))
    for plate in plates:
        plate_map = data / "meta" / plate["metafile"]
        if plate["plateno"] == "018":
            plate_map = _mended(plate_map, lab.paths.root / "mended.tsv")
        run = {"run": plate["plateno"], "analyte": "PrP", "matrix": "csf", "unit": "ng/mL", "method": "elisa"}
        raw = data / "raw" / plate["datafile"]
        (outcome,) = lab.ingest(raw, map=str(plate_map), weight="none", **run, **_signal(raw.name))
        assert outcome.outcome == "in", (raw.name, outcome.message, outcome.faults)
    assert len(lab.assess()) == len(plates) == 25
    with lab.facts.reading() as con:
        return query(con, WELLS)


def _mended(plate_map, path):
    # The letter of the row is missing on line 55 of the authors' own file.
    lines = plate_map.read_text().splitlines()
    lines[54] = "F" + lines[54]
    path.write_text("\n".join(lines))
    return path


def _authors(shared):
    tables = []
    for path in sorted((shared / "data" / "elisa_cns_prp" / "processed").glob("0??.tsv")):
        table = pl.read_csv(path, separator="\t", infer_schema_length=0, null_values=["NA", ""])
        well = pl.col("row") + pl.col("col")
        numbers = [pl.col(name).cast(pl.Float64) for name in ("a450_bck", "ngml")]
        tables.append(table.select(pl.lit(path.stem).alias("run"), well.alias("well"), *numbers, "stype", "flag"))
    return pl.concat(tables)


def test_a_row_without_its_letter_is_named_with_its_line(shared, fresh_lab):
    data = shared / "data" / "elisa_cns_prp"
    raw = data / "raw" / "2020-07-30_MM_csELISA-V007.txt"
    plate_map = str(data / "meta" / "meta_data_csELISA-V007.tsv")

    (outcome,) = fresh_lab.ingest(raw, map=plate_map, signal="450", reference_signal="630")

    assert [fault.where for fault in outcome.faults] == ["line 55, column 'row'"]


def test_every_signal_of_the_prion_plates_is_the_one_that_the_authors_subtracted(shared, prion_wells):
    both = _authors(shared).join(prion_wells, on=["run", "well"], how="inner")

    assert both.height > 2000
    # 0.003: on one rescued plate the authors rounded before they subtracted.
    assert (both["a450_bck"] - both["signal"]).abs().max() <= 0.0031


def test_concentrations_of_the_prion_plates_agree_with_the_authors(shared, prion_wells):
    both = _authors(shared).join(prion_wells, on=["run", "well"], how="inner")
    samples = both.filter((pl.col("stype") == "sample") & pl.col("flag").is_null() & (pl.col("censor") == ""))
    compared = samples.drop_nulls(["ngml", "value"])
    relative = (compared["value"] * compared["dilution"] / compared["ngml"] - 1).abs()

    assert compared.height > 900
    assert relative.median() < 0.01
    assert (relative > 0.05).mean() < 0.10


STANDARDS = {"s1": 3000, "s2": 1500, "s3": 750, "s4": 375, "s5": 187.5, "s6": 93.8, "s7": 46.9, "s8": 0}
ANTIGEN = (
    PRION.replace('"prp"', '"antigen"')
    .replace("prion protein", "antigen")
    .replace('"PrP"', "")
    .replace("ng/mL", "pg/mL")
)


@pytest.fixture(scope="module")
def softmax_wells(shared, tmp_path_factory):
    data = shared / "data" / "elisa_softmax_batches"
    lab = _lab(tmp_path_factory.mktemp("softmax") / "lab", ANTIGEN)
    layout = lab.paths.root / "layout.tsv"
    layout.write_text("\n".join((data / "AnExp_2plate.txt").read_text().splitlines()[1:10]))
    for export in ("Assay_2.txt", "Assay_3_and_4.txt", "Assay_11_and_12.txt"):
        sheet = lab.paths.root / f"{export}.run.toml"
        standards = "\n".join(f"{name} = {conc}" for name, conc in STANDARDS.items())
        run = (
            f'run = "{export}"\nanalyte = "antigen"\nmatrix = "csf"\nunit = "pg/mL"\nmethod = "elisa"\nweight = "none"'
        )
        sheet.write_text(f'[run]\n{run}\n[plate]\nsignal = "450"\nreference_signal = "620"\n[standards]\n{standards}\n')
        (outcome,) = lab.ingest(data / export, map=str(layout), run_sheet=str(sheet))
        assert outcome.outcome == "in", (export, outcome.message, outcome.faults)
    lab.assess()
    with lab.facts.reading() as con:
        return query(con, WELLS)


def _instrument(shared):
    rows = []
    for export in ("Assay_2.txt", "Assay_3_and_4.txt", "Assay_11_and_12.txt"):
        text = (shared / "data" / "elisa_softmax_batches" / export).read_bytes().decode("mac_roman")
        n_plates = 0
        group = ""
        for cells in (line.split("\t") for line in text.splitlines()):
            n_plates += cells[0] == "Plate:"
            group = cells[0].removeprefix("Group: ") if cells[0].startswith("Group: ") else group
            if group == "Standards" and len(cells) > 4 and re.fullmatch(r"[A-H]\d+", cells[3]):
                rows.append((export, n_plates, cells[3], cells[2], cells[4]))
    return rows


def _by_plate(wells):
    order = {run: sorted(group["plate"].unique().to_list()) for (run,), group in wells.group_by("run")}
    return {
        (row["run"], order[row["run"]].index(row["plate"]) + 1, row["well"]): row for row in wells.iter_rows(named=True)
    }


def test_all_five_softmax_plates_come_in_with_the_values_that_the_instrument_shows(shared, softmax_wells):
    ours = _by_plate(softmax_wells)

    shown = [(ours[export, plate, well], value) for export, plate, well, _, value in _instrument(shared)]

    assert len({key[:2] for key in ours}) == 5
    assert [row for row, value in shown if (value == "Masked") != (row["flag"] == "masked")] == []
    numbers = [(row["signal"], float(value)) for row, value in shown if value != "Masked"]
    assert max(abs(signal - value) for signal, value in numbers) <= 0.00051


def test_standards_of_the_softmax_plates_are_given_back_as_by_the_instrument(shared, softmax_wells):
    ours = _by_plate(softmax_wells)

    relative = []
    for export, plate, well, back, _ in _instrument(shared):
        row = ours[export, plate, well]
        if re.fullmatch(r"[0-9.]+", back) and row["value"] is not None and row["conc"]:
            relative.append(abs(row["value"] / float(back) - 1))

    assert len(relative) > 80
    assert sorted(relative)[len(relative) // 2] < 0.05
