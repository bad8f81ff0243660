"""Workbooks: an identifier stays text, an error keeps its meaning, and what a person does not see is named."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from qc.readers.read import read
from qc.readers.text.lost_digits import SHORTENED
from qc.readers.text.source import Source
from schemas.errors import ReaderError
from schemas.text_tables import workbook, workbook_process
from schemas.text_tables.workbook import STRUCK

# SYNTHETIC, all: not a measurement.
HEADER = ("sample", "analyte", "matrix", "value", "unit")


def book(*samples, change=None):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(HEADER)
    for sample in samples:
        sheet.append((sample, "iron", "serum", 101, "ug/dL"))
    if change:
        change(made, sheet)
    stream = io.BytesIO()
    made.save(stream)
    return Source(Path("book.xlsx"), stream.getvalue())


def samples_of(source):
    return read(source).tables["reported"]["sample"].to_list()


def test_a_number_is_filled_up_with_zeros_where_its_format_says_so():
    def change(made, sheet):
        sheet["A2"].number_format = "0000"

    assert samples_of(book(12, 13, "0013", "1e5", change=change)) == ["0012", "13", "0013", "1e5"]


def test_a_number_of_sixteen_digits_keeps_all_of_them():
    assert samples_of(book(4711000012345678)) == ["4711000012345678"]


def test_a_result_whose_code_has_lost_digits_is_read_flagged_and_in_doubt():
    intake = read(book("S1", 47110000123456789))

    (flag,) = intake.accounts["main"].flagged
    assert flag.where == "sheet 'Sheet', row 3"
    assert "is a number of more digits than a spreadsheet keeps (15)" in flag.why
    assert [mark.startswith("in doubt: the code is a number") for mark in intake.tables["reported"]["flag"]] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    "code, is_lost",
    [
        (471100001234567, False),
        (4711000012345670, True),
        (4711000012345678, False),
        (47110000123456700, True),
        ("47110000123456789", False),
        ("00000000000000000017", False),
    ],
    ids=["15 digits", "16 and a zero", "16 digits", "17 as a spreadsheet keeps them", "text", "text with zeros"],
)
def test_only_a_number_can_lose_digits_and_only_behind_the_fifteenth(code, is_lost):
    intake = read(book(code))

    assert bool(intake.accounts["main"].flagged) == is_lost
    assert intake.tables["reported"]["sample"].to_list() == [str(code)]


def test_a_sample_sheet_with_a_code_that_has_lost_digits_is_refused_by_its_cell():
    made = openpyxl.Workbook()
    for row in [("sample", "subject", "visit", "matrix"), (47110000123456789, "M01", "pre", "serum")]:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)

    with pytest.raises(ReaderError, match=r"cell A2, column 'sample': The code is a number of more digits"):
        read(Source(Path("samples.xlsx"), stream.getvalue()))


def test_a_code_that_a_spreadsheet_has_shortened_in_a_text_is_in_doubt_and_one_like_a_number_is_not():
    text = "sample,analyte,matrix,value,unit\n4.711E+15,iron,serum,101,ug/dL\n1e5,iron,serum,102,ug/dL\n"

    flags = read(Source(Path("codes.csv"), text.encode())).tables["reported"]["flag"].to_list()

    assert flags == [f"in doubt: {SHORTENED}", ""]


def test_an_error_keeps_its_meaning():
    def change(made, sheet):
        sheet["D2"].value, sheet["D3"].value = "#N/A", "#DIV/0!"
        sheet["D2"].data_type = sheet["D3"].data_type = "e"

    texts = read(book("S1", "S2", "S3", change=change)).tables["reported"]["text"].to_list()

    assert texts == ["#N/A", "#DIV/0!", "101"]


def test_a_formula_without_a_stored_value_is_refused_by_its_cell():
    def change(made, sheet):
        sheet["D3"] = "=D2*2"

    with pytest.raises(ReaderError, match=r"cell D3: The cell holds a formula whose value is not stored"):
        read(book("S1", "S2", change=change))


def hide_row(made, sheet):
    sheet.row_dimensions[3].hidden = True


def hide_column(made, sheet):
    sheet.column_dimensions["E"].hidden = True


def hide_sheet(made, sheet):
    made.create_sheet("Empty")
    sheet.sheet_state = "hidden"


def merge(made, sheet):
    sheet.merge_cells("E2:F2")


@pytest.mark.parametrize(
    "code, number, text",
    [
        ("0.0%", 0.235, "23.5%"),
        ('"<"0.0', 0.5, "<0.5"),
        ('[<0.5]"<0.5";0.0', 0.2, "<0.5"),
        ('0.0" ng/mL"', 12.34, "12.34 ng/mL"),
        ("0.0", 12.34, "12.34"),
        ("#,##0.00", 1234.5, "1234.5"),
        ("0.00E+00", 1234.5, "1234.5"),
    ],
)
def test_a_result_is_what_its_format_shows_with_all_of_its_digits(code, number, text):
    def change(made, sheet):
        sheet["D2"] = number
        sheet["D2"].number_format = code

    assert read(book("S1", change=change)).tables["reported"]["text"].to_list() == [text]


def test_a_code_with_letters_and_zeros_from_its_format_is_whole():
    def change(made, sheet):
        sheet["A2"].number_format = '"S-"000'

    assert samples_of(book(12, change=change)) == ["S-012"]


def strike_row(made, sheet):
    for cell in sheet[3]:
        cell.font = Font(strike=True)


def strike_part_of_a_text(made, sheet):
    sheet["A3"] = CellRichText("S", TextBlock(InlineFont(strike=True), "2"))


def comment_on_a_value(made, sheet):
    sheet["D3"].comment = Comment("bubble in the well", "anna")


def comment_on_the_header(made, sheet):
    sheet["D1"].comment = Comment("mean of two", "anna")


@pytest.mark.parametrize(
    "change, flagged, mark",
    [
        (strike_row, ("sheet 'Sheet', row 3", 5, STRUCK), f"in doubt: a cell is {STRUCK}"),
        (strike_part_of_a_text, ("sheet 'Sheet', row 3", 1, STRUCK), f"in doubt: a cell is {STRUCK}"),
        (
            comment_on_a_value,
            ("sheet 'Sheet', row 3", 1, "comment: bubble in the well"),
            "comment: bubble in the well",
        ),
        (comment_on_the_header, ("sheet 'Sheet', row 1", 1, "comment: mean of two"), ""),
    ],
)
def test_what_a_person_marked_in_a_spreadsheet_is_told_and_holds_its_result(change, flagged, mark):
    done = read(book("S1", "S2", change=change))

    assert [(one.where, one.n_cells, one.why) for one in done.accounts["main"].flagged] == [flagged]
    flags = done.tables["reported"]["flag"].to_list()
    assert flags[0] == ""
    assert set(flags[1].split(", ")) == {mark}


def test_a_comment_at_a_blank_cell_is_told_with_its_place():
    def change(made, sheet):
        sheet["H50"].comment = Comment("thawed twice", "anna")

    [flagged] = read(book("S1", change=change)).accounts["main"].flagged

    assert flagged.why == "comment at sheet 'Sheet', cell H50: thawed twice"


def test_a_sheet_of_samples_with_a_row_that_is_struck_through_is_refused_by_its_cells():
    made = openpyxl.Workbook()
    for row in (("sample", "subject", "visit", "matrix"), ("S1", "P1", "0", "serum"), ("S2", "P1", "3", "serum")):
        made.active.append(row)
    made.active["A3"].font = Font(strike=True)
    stream = io.BytesIO()
    made.save(stream)

    with pytest.raises(ReaderError) as told:
        read(Source(Path("samples.xlsx"), stream.getvalue()))

    assert [fault.where for fault in told.value.faults] == ["sheet 'Sheet', cell A3, column 'sample'"]


@pytest.mark.parametrize(
    "change, flagged",
    [
        (hide_row, ("sheet 'Sheet', row 3", 5, "hidden in the spreadsheet")),
        (hide_column, ("sheet 'Sheet', rows 1 to 3", 3, "hidden in the spreadsheet")),
        (hide_sheet, ("sheet 'Sheet', rows 1 to 3", 15, "on a hidden sheet")),
        (merge, ("sheet 'Sheet', row 2", 1, "merged with the cells beside it, and read in the first one alone")),
    ],
    ids=["row", "column", "sheet", "merged"],
)
def test_cells_that_a_person_does_not_see_are_read_and_flagged(change, flagged):
    account = read(book("S1", "S2", change=change)).accounts["main"]

    assert [(one.where, one.n_cells, one.why) for one in account.flagged] == [flagged]


def test_a_table_on_another_sheet_that_nobody_reads_refuses_the_workbook():
    def change(made, sheet):
        other = made.create_sheet("More")
        other.append(("well", "fluorescence", "count"))
        other.append(("A1", 7, 8))

    with pytest.raises(ReaderError, match=r"sheet 'More', rows 1 to 2: It looks like a second table"):
        read(book("S1", change=change))


def test_a_workbook_is_the_same_in_a_process_of_its_own(monkeypatch):
    source = book("S1", 12)
    monkeypatch.setattr(workbook, "_LARGE", 0)

    assert Source(source.path, source.data).sheets == book("S1", 12).sheets


def test_a_workbook_that_needs_more_memory_than_the_limit_is_refused_and_kills_nobody(monkeypatch):
    monkeypatch.setattr(workbook, "_LARGE", 0)
    source = book(*[f"S{number}" for number in range(2000)])
    command = [workbook_process.sys.executable, "-c", "import os; os.abort()"]
    monkeypatch.setattr(workbook_process, "_command", lambda name: command)

    with pytest.raises(ReaderError, match="cannot be decoded within 1500 MB of memory or 60 seconds"):
        source.sheets  # noqa: B018
