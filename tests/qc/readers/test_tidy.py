from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from qc.readers.lab_sheets.run_sheet import read_run_sheet
from qc.readers.read import read
from qc.readers.text.source import Source
from qc.readers.text.table_columns import columns_of
from schemas.errors import ReaderError


def source(text: str | bytes, name: str = "run-7.csv") -> Source:
    return Source(Path(name), text if isinstance(text, bytes) else text.encode())


def refusal(text: str | bytes, name: str = "run-7.csv") -> ReaderError:
    with pytest.raises(ReaderError) as caught:
        read(source(text, name))
    return caught.value


RESULTS = "Sample ID,Analyte,Result,Unit\nS1,ferritin,12.5,ng/mL\nS2,ferritin,<0.5,ng/mL\n"


def test_a_results_table_keeps_every_value_as_text():
    cells = ["<0.5", ">1000", "***", "NA", "", "OOR <", "19 but poor collection", "-1", "---"]
    text = "sample,analyte,value,unit\n" + "".join(f"S{i},iron,{cell},ug/dL\n" for i, cell in enumerate(cells))

    reported = read(source(text)).tables["reported"]

    assert reported["text"].to_list() == cells
    assert reported.columns == list(columns_of("reported"))
    assert reported["line"].to_list() == list(range(2, 2 + len(cells)))


def test_the_run_is_named_by_the_file_where_nothing_names_it():
    intake = read(source(RESULTS))

    assert [run.run for run in intake.runs] == ["run-7"]
    assert intake.kind == "results"


def test_a_column_run_makes_one_run_each_and_the_run_sheet_fills_what_rows_leave_out():
    sheet = read_run_sheet('[run]\nanalyte = "iron"\nunit = "ug/dL"\nmatrix = "serum"\noperator = "AB"\n')

    intake = read(source("run,sample,value\nR1,S1,80\nR2,S1,90\n"), run_sheet=sheet)

    assert [(run.run, run.operator) for run in intake.runs] == [("R1", "AB"), ("R2", "AB")]
    assert intake.tables["reported"].select("run", "analyte", "unit", "matrix").rows() == [
        ("R1", "iron", "ug/dL", "serum"),
        ("R2", "iron", "ug/dL", "serum"),
    ]


@pytest.mark.parametrize(
    "row", ["S9,control,iron,5", ",,iron,5"], ids=["by its role", "by a material without a sample"]
)
def test_a_control_is_told(row: str):
    text = f"sample,role,analyte,value,material,level\n{row},QC-A,low\nS1,sample,iron,6,,\n"

    reported = read(source(text)).tables["reported"]

    assert reported.select("role", "sample", "material", "level").rows() == [
        ("control", "", "QC-A", "low"),
        ("sample", "S1", "", ""),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_newline_delimiter_and_encoding_are_found(newline: str, delimiter: str, encoding: str):
    text = RESULTS.replace("ng/mL", "µg/L").replace(",", delimiter).replace("\n", newline)

    reported = read(source(text.encode(encoding))).tables["reported"]

    assert reported.select("sample", "text", "unit").rows() == [("S1", "12.5", "µg/L"), ("S2", "<0.5", "µg/L")]


def test_a_decimal_comma_stays_as_written_and_is_told():
    text = "sample;analyte;value;dilution\nS1;iron;1,38;2,5\nS2;iron;<0,5;1\n"

    reported = read(source(text)).tables["reported"]

    assert reported.select("text", "decimal_comma").rows() == [("1,38", True), ("<0,5", True)]
    assert reported["dilution"].to_list() == [2.5, 1.0]


def test_a_comma_that_may_part_thousands_is_refused():
    error = refusal("sample;analyte;value\nS1;iron;1,234\n")

    assert "decimal mark is not clear" in str(error)


def test_title_rows_may_stand_above_the_header():
    reported = read(source("Chemistry, week 7\n\n" + RESULTS)).tables["reported"]

    assert reported["line"].to_list() == [4, 5]


def test_all_faults_of_a_file_are_told_with_their_lines():
    text = "sample,analyte,value,dilution\nS1,iron,5,x\n,iron,6,1\nS3,,7,1\nS4,iron,8,1,9\nS5,iron\n"

    error = refusal(text)

    assert [fault.where for fault in error.faults] == [
        "line 5",
        "line 6",
        "line 2, column 'dilution'",
        "line 3, column 'sample'",
        "line 4, column 'analyte'",
    ]
    assert "5 cells, the header has 4" in str(error)
    assert "'x' is no dilution" in str(error)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("sample,analyte,value\n", "no row below the header"),
        ("sample,analyte,value,VALUE\nS1,iron,5,6\n", "Column 'value' stands 2 times"),
        ("1,2,3\n4,5,6\n", "A header is missing"),
        ("sample,value\nS1,5\n", "no column 'analyte'"),
        ("alpha,beta\n1,2\n", "Columns found: 'alpha', 'beta'"),
        ('sample,analyte,value\nS1,"iron,5\n', "quoting of this line"),
        ("sample,analyte,value\nS1,ir\0on,5\n", "NUL byte"),
        (b"\x1f\x8b\x08\x00abc", "gzip"),
        (b"%PDF-1.7 abc", "PDF"),
        (b"\x01\x02\x03\x04", "control character"),
    ],
)
def test_a_refusal_says_what_is_wrong(text: str | bytes, sentence: str):
    assert sentence in str(refusal(text))


def test_a_sample_sheet_has_typed_columns():
    text = (
        "study,sample,subject,month,matrix,collected_at,frozen_at,tube,hemolysis index,index platform,rbc/ul,"
        "freeze_thaw\nALS,S1,P1,0,CSF,2024-03-31 08:15,31/12/2024,PP,12.5,cobas,3,1\nALS,S2,P1,3,serum,,,,,,,\n"
    )

    samples = read(source(text)).tables["samples"]

    assert samples.columns == list(columns_of("samples"))
    assert samples.rows() == [
        ("ALS", "S1", "P1", "0", "csf", datetime(2024, 3, 31, 8, 15), datetime(2024, 12, 31), "PP", 12.5, "cobas",
         3.0, 1, 2),
        ("ALS", "S2", "P1", "3", "serum", None, None, "", None, "", None, None, 3),
    ]  # fmt: skip


def test_doubtful_cells_of_a_sample_sheet_are_faults():
    text = (
        "sample,subject,visit,matrix,collected_at,freeze_thaw_cycles\nS1,P1,0,serum,01/02/2024,1\n"
        "S1,P1,3,serum,2024-02-30,1.5\nS3,,3,serum,2024-02-03T10:00Z,-1\n"
    )

    error = refusal(text)

    assert "Date '01/02/2024' can be read two ways; write it as 2024-02-01 or 2024-01-02." in str(error)
    assert "'2024-02-30' is not a date" in str(error)
    assert "names a time zone" in str(error)
    assert "line 3, column 'sample': this sample stands in row 2 already" in str(error)
    assert "line 4, column 'subject': The cell is empty" in str(error)
    assert "'1.5' is not a whole number" in str(error)


def test_a_subject_sheet_takes_sex_and_birth_year():
    subjects = read(source("subject,Gender,YOB\nP1,F,1961\nP2,male,\n")).tables["subjects"]

    assert subjects.rows() == [("", "P1", "female", 1961, "", 2), ("", "P2", "male", None, "", 3)]


def test_a_control_sheet_takes_target_and_sd():
    text = "material,level,lot,analyte,matrix,unit,target,sd\nQC,low,L1,iron,serum,ug/dL,50,2.5\n"

    controls = read(source(text)).tables["controls"]

    assert controls.rows() == [("QC", "low", "L1", "iron", "serum", "ug/dL", 50.0, 2.5, "", None, None, "", "", 2)]


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_keeps_numbers_as_they_are_and_dates_as_iso():
    rows = [["Samples"], ["sample", "subject", "visit", "matrix", "collected_at"]]
    data = workbook({"S": [*rows, ["S1", "P1", 0, "serum", datetime(2024, 3, 31, 8, 15)]]})

    samples = read(source(data, "s.xlsx")).tables["samples"]

    assert samples.select("sample", "visit", "collected_at", "line").rows() == [
        ("S1", "0", datetime(2024, 3, 31, 8, 15), 3)
    ]


def test_a_fault_of_a_workbook_names_sheet_and_cell():
    data = workbook({"Run 1": [["sample", "analyte", "value", "dilution"], ["S1", "iron", 0.1, "x"]]})

    error = refusal(data, "r.xlsx")

    assert error.faults[0].where == "sheet 'Run 1', cell D2, column 'dilution'"


SHEET_OF_RESULTS = [["sample", "analyte", "value"], ["S1", "iron", 5], ["S2", "iron", 6]]
SHEET_OF_CONTROLS = [["material", "level", "analyte", "value"], ["M", "L1", "iron", 50]]
SHEET_OF_SAMPLES = [["sample", "subject", "visit", "matrix"], ["S1", "P1", "0", "serum"]]


def test_each_sheet_of_results_in_a_workbook_is_a_run_and_sheets_of_samples_come_with_it():
    intake = read(
        source(workbook({"Mon": SHEET_OF_RESULTS, "Tue": SHEET_OF_RESULTS[:2], "Who": SHEET_OF_SAMPLES}), "r.xlsx")
    )

    assert [run.run for run in intake.runs] == ["r Mon", "r Tue"]
    assert intake.tables["reported"].select("run", "sample").rows() == [
        ("r Mon", "S1"), ("r Mon", "S2"), ("r Tue", "S1"),
    ]  # fmt: skip
    assert intake.tables["samples"]["subject"].to_list() == ["P1"]
    assert intake.kind == "results"
    assert intake.accounts["main"].n_cells == intake.accounts["main"].n_used == 23


@pytest.mark.parametrize(
    "sheets, where",
    [
        ({"Mon": SHEET_OF_RESULTS, "Tue": SHEET_OF_RESULTS, "QC": SHEET_OF_CONTROLS}, "sheet 'QC'"),
        ({"A": SHEET_OF_SAMPLES, "B": SHEET_OF_SAMPLES}, "sheet 'B', row 2"),
        (
            {"A": SHEET_OF_RESULTS, "B": [["sample", "analyte", "value"], ["", "iron", 5]]},
            "sheet 'B', cell A2, column 'sample'",
        ),
    ],
    ids=["controls of nobody knows which run", "a sample on two sheets", "a fault on the second"],
)
def test_sheets_of_a_workbook_that_leave_something_open_are_refused_by_name(sheets, where):
    assert [fault.where for fault in refusal(workbook(sheets), "r.xlsx").faults] == [where]


def test_a_parquet_table_reads_like_a_csv(tmp_path: Path):
    stream = io.BytesIO()
    pl.DataFrame({"sample": ["S1"], "analyte": ["iron"], "value": [0.1]}).write_parquet(stream)

    reported = read(source(stream.getvalue(), "r.parquet")).tables["reported"]

    assert reported.select("sample", "text").rows() == [("S1", "0.1")]


@pytest.mark.parametrize(
    "last, doubts",
    [
        ("9.7", 1),
        ("9.7\n", 0),
        ("118.2", 0),
    ],
    ids=["open and short", "ended", "open and as long as the longest"],
)
def test_the_last_result_of_a_text_without_a_line_end_is_in_doubt_where_longer_ones_stand_above(last, doubts):
    text = "sample,analyte,matrix,unit,value\nS1,iron,serum,ug/dL,7.1\nS2,iron,serum,ug/dL,118.2\nS3,iron,serum,ug/dL,"

    flags = read(source(text + last)).tables["reported"]["flag"].to_list()

    assert [flag.startswith("in doubt: the file ends in this row") for flag in flags] == [False, False, bool(doubts)]
