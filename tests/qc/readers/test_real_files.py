from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from reference_cases import BESIDE

from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read, read_plate
from qc.readers.text.source import Source
from schemas.errors import ReaderError

DATA = BESIDE / "data"
pytestmark = pytest.mark.shared

PRP = DATA / "elisa_cns_prp"
NO_ROW_LETTER = "018"
"""Plate whose map has a row without its row letter (line 55); the authors' own tables leave that well out."""
CUT_AT_ZERO = {"028": 0.003}
"""Plate where the authors set three negative differences to 0; the largest of them."""


def source(path: Path, data: bytes | None = None) -> Source:
    return Source(Path(path.name), path.read_bytes() if data is None else data)


def prp_plates() -> list[dict[str, str]]:
    if not DATA.is_dir():
        return []
    with (PRP / "meta" / "plates.tsv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def prp_map(plate: dict[str, str]) -> Source:
    path = PRP / "meta" / plate["metafile"]
    data = path.read_bytes()
    if plate["plateno"] == NO_ROW_LETTER:
        lines = data.split(b"\n")
        data = b"\n".join(lines[:54] + lines[55:])
    return source(path, data)


def prp_sheet(raw: Path) -> RunSheet:
    signal, reference = ("450", "630") if raw.suffix == ".txt" else ("Meas A", "Meas B")
    if "salvage" in raw.name:
        signal, reference = "450BP", "620BP"
    return RunSheet(run={"analyte": "prp"}, signal=signal, reference_signal=reference)


@pytest.mark.parametrize("plate", prp_plates(), ids=lambda plate: plate["plateno"])
def test_a_plate_of_the_prion_study_gives_the_signals_and_roles_of_its_authors(plate: dict[str, str]):
    raw = PRP / "raw" / plate["datafile"]
    with (PRP / "processed" / f"{plate['plateno']}.tsv").open(encoding="utf-8") as stream:
        published = list(csv.DictReader(stream, delimiter="\t"))

    table = read(source(raw), run_sheet=prp_sheet(raw), plate_map=prp_map(plate)).tables["wells"]

    by_well = {row["well"]: row for row in table.iter_rows(named=True)}
    roles = Counter(row["role"] for row in by_well.values() if row["role"] != "empty")
    words = {"standard": "calibrator", "sample": "sample"}
    assert roles == Counter(words[row["stype"]] for row in published)
    # The authors' table gives four decimals.
    tolerance = CUT_AT_ZERO.get(plate["plateno"], 0.0) + 1e-9
    worst = max(abs(float(row["a450_bck"]) - by_well[row["row"] + row["col"]]["signal"]) for row in published)
    assert worst <= tolerance


def test_a_map_row_without_its_letter_is_refused_with_its_line():
    plate = next(plate for plate in prp_plates() if plate["plateno"] == NO_ROW_LETTER)
    raw = PRP / "raw" / plate["datafile"]

    with pytest.raises(ReaderError, match=r"line 55, column 'row': 'row \(empty\), column 9' is not a well"):
        read(source(raw), run_sheet=prp_sheet(raw), plate_map=source(PRP / "meta" / plate["metafile"]))


ASSAYS = ["Assay_2.txt", "Assay_3_and_4.txt", "Assay_11_and_12.txt"]


def group_values(path: Path) -> list[dict[str, str]]:
    """Values by well as the instrument's own group tables show them, one mapping a plate; a second, tiny reader."""
    plates: list[dict[str, str]] = []
    well = value = None
    for line in path.read_bytes().decode("mac_roman").splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        if cells[0] == "Plate:":
            plates.append({})
        elif cells[0] == "Sample":
            well = cells.index("Wells")
            value = next(index for index, cell in enumerate(cells) if cell in ("Value", "Values"))
        elif not any(cells) or cells[0].startswith(("~End", "Group Column")):
            well = None
        elif well is not None and value is not None and cells[well]:
            plates[-1][cells[well]] = cells[value]
    return plates


@pytest.mark.parametrize("name", ASSAYS)
def test_softmax_signals_equal_the_values_of_the_instruments_own_tables(name: str):
    path = DATA / "elisa_softmax_batches" / name
    layout = DATA / "elisa_softmax_batches" / "AnExp_2plate.txt"
    text = layout.read_text()
    plates = group_values(path)
    if len(plates) == 1:
        text = text.split("~End")[0]
    standards = {"s1": 3000, "s2": 1500, "s3": 750, "s4": 375, "s5": 187.5, "s6": 93.8, "s7": 46.9, "s8": 0}
    sheet = RunSheet(run={"analyte": "x"}, signal="450", reference_signal="620", standards=standards)

    intake = read(source(path), run_sheet=sheet, plate_map=source(layout, text.encode()))

    rows = list(intake.tables["wells"].iter_rows(named=True))
    names = list(dict.fromkeys(row["plate"] for row in rows))
    assert len(names) == len(plates)
    for plate_name, values in zip(names, plates, strict=True):
        by_well = {row["well"]: row for row in rows if row["plate"] == plate_name}
        masked = {well for well, value in values.items() if value == "Masked"}
        assert {well for well, row in by_well.items() if row["flag"] == "masked"} == masked
        for well, value in values.items():
            if value != "Masked":
                assert abs(by_well[well]["signal"] - float(value)) <= 0.0005 + 1e-9  # shown with three decimals
        assert Counter(row["role"] for row in by_well.values() if row["role"] == "calibrator") == {"calibrator": 24}


FAULTY = sorted(path for path in DATA.glob("faults_*/*") if path.suffix in (".csv", ".xls", ".xlsx"))


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_faulty_file_is_refused_with_a_place(path: Path):
    with pytest.raises(ReaderError) as caught:
        read(source(path))

    is_empty = "is empty: it has no header and no rows" in caught.value.message
    assert is_empty or all(
        fault.where or fault.text.endswith("do not fit the header.") for fault in caught.value.faults
    )
    assert is_empty or caught.value.faults


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("faults_csvkit/bad.csv", "line 2: The row has 4 cells, the header has 3"),
        ("faults_csvkit/bad_skip_lines.csv", "line 5: The row has 4 cells, the header has 3"),
        ("faults_csvkit/empty.csv", "is empty"),
        ("faults_csvkit/no_header_row.csv", "line 1: A header is missing"),
        ("faults_csvkit/null_byte.csv", "line 2: The line holds a NUL byte"),
        ("faults_csvkit/test_utf16_little.csv", "line 1: Columns found: 'a', 'b', 'c'"),
        ("faults_csvkit/test.xlsx", "sheet 'Sheet1', row 3: The row has 8 cells, the header has 7"),
        ("faults_frictionless_a/duplicate-headers.csv", "line 1: Column 'id' stands 3 times"),
        ("faults_frictionless_a/empty.csv", "is empty"),
        ("faults_frictionless_a/invalid.csv", "line 1: Column 'name' stands 2 times"),
        ("faults_frictionless_a/without-rows.csv", "line 1: There is no row below the header"),
        ("faults_messy_clinical_a/messy_bp.xlsx", "cell A8, column 'pat_id': this subject stands in row 7 already"),
        ("faults_messy_clinical_a/messy_glucose.xlsx", "cell C5, column 'Sex': '1' is not known"),
        ("gen5_a/missing_results_error.txt", "is a Gen5 export that holds no grid of readings"),
        ("luminex_drlumi/plate_P1_A1.csv", "holds the single bead events of a Luminex well"),
        ("chem_analyser_a/SampleResults2022-06-28_142558.csv", "whose columns name no unit"),
        ("gen5_a/garbage_error.txt", "Columns found: 'definitely not plate data'"),
        ("softmax_pro_a/errors/header_size_mismatch.txt", "line 4: The header names 96 wells, but this row has 10"),
        ("softmax_pro_a/errors/missing_measurement_table_row.txt", "announces 4 rows, but 3 rows of readings follow"),
        ("softmax_pro_a/spectramax340_kinetic_partial_plate.txt", "The plate has 3 blocks: '405 at 0:00'"),
        ("tecan_magellan_a/errors/no_well_positions.xlsx", "Columns found: 'Raw data', 'Plate'"),
    ],
)
def test_a_refusal_of_a_real_file_names_its_fault(name: str, sentence: str):
    with pytest.raises(ReaderError) as caught:
        read(source(DATA / name))

    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("name", "reader_blocks", "well", "text"),
    [
        ("gen5_a/240411_172731_BNCH2345883_abs450_96well_non_numeric_values.txt", ["abs450:450"], "A8", "OVRFLW"),
        ("bmg_mars_a/BMG Labtech format.CSV", ["Raw Data (450 1)"], "H12", "0.207"),
        ("kaleido_a/absorbance_endpoint_single_plate_example_01.csv", ["ABS mono 1"], "A1", "2.2075694995298862"),
        ("tecan_magellan_a/SLA01P01_OD.xlsx", ["Raw data"], "H12", "0.0461"),
        ("varioskan_skanit_a/luciferase_assay_example.xlsx", ["Luminescence 1_01"], "B6", "58370"),
        ("softmax_pro_a/MD_SMP_absorbance_endpoint_partial_plate_example03.txt", ["260", "280", "230"], "", ""),
        ("envision_a/PE_Envision_absorbance_A450_example.csv", ["A450(1) - channel 1 (A)"], "A4", "1.8500"),
    ],
)
def test_a_grid_of_another_reader_is_read(name: str, reader_blocks: list[str], well: str, text: str):
    plate = read_plate(source(DATA / name))[0]

    assert [block.name for block in plate.blocks] == reader_blocks
    assert not well or plate.blocks[0].readings[well].text == text
