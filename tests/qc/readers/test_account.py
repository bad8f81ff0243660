"""The account of a file: every cell is used, flagged or left aside by name, or the file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qc.readers.peel import close
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

# SYNTHETIC, all: not a measurement.
SAMPLES = "sample,subject,visit,matrix,collectd_at,colour\nS1,P1,0,serum,2024-01-01,red\nS2,P1,3,serum,2024-04-01,\n"


def source(text, name="samples.csv"):
    return Source(Path(name), text.encode())


def account_of(text):
    return read(source(text)).accounts["main"]


def test_a_column_that_nobody_reads_is_named_with_the_nearest_known_title():
    account = account_of(SAMPLES)

    assert [str(one) for one in account.left_aside] == [
        "column 'collectd_at' (is 'collected_at' meant?)",
        "column 'colour' (no such column is known)",
    ]
    assert [one.n_cells for one in account.left_aside] == [3, 2]
    assert account.n_cells == 17


def test_lines_above_a_table_are_named_with_their_text():
    account = account_of(f"Study MOTOR\nprinted by the laboratory\n{SAMPLES}")

    first = account.left_aside[-1]
    assert (first.where, first.why, first.text) == ("lines 1 to 2", "above what was read", "Study MOTOR")


def test_lines_below_a_table_are_named_and_are_no_rows_of_it():
    account = account_of(f"{SAMPLES}\nApproved by: A. Person\nEnd of list\n")

    (aside,) = [one for one in account.left_aside if not one.is_column]
    assert (aside.where, aside.why, aside.text) == ("lines 5 to 6", "signature", "Approved by: A. Person")


@pytest.mark.parametrize(
    "text, words",
    [
        (f"{SAMPLES}{SAMPLES}", "line 4: The header of line 1 stands here once more"),
        (f"{SAMPLES}S3,P2,0,serum,2024-01-01,red,8\n", "line 4: The row has 7 cells, the header has 6"),
        (f"{SAMPLES}S3,P2,0\n", "line 4: The row has 3 cells, the header has 6; the rest is missing"),
        (f'{SAMPLES}S3,P2,0,"serum,\nS4,P2,3,serum,2024-01-01,"\n', "line 4, column 4: A quote opens here"),
        (f"{SAMPLES}\n\nlot,material,target,unit\nL1,CHEM,5,mg/L\n", "lines 6 to 7: It looks like a second table"),
        (f"{SAMPLES}S3,P2,0,serum,2024-01-01", "line 4: The row has 5 cells"),
        (
            "barcode,sample id,subject,visit,matrix\n1,2,3,0,csf\n",
            "Columns 'barcode' and 'sample id' could each be the",
        ),
        (
            "sample,analyte,matrix,unit,value\nS1,iron,serum,ug/dL,101\nS2,iron,serum,ug/dL,98\nS3,iron,serum,ug/dL,1",
            "line 4, column 'value': The file ends here without a line end, and the last cell is shorter",
        ),
    ],
    ids=["header again", "too wide", "too narrow", "stray quote", "second table", "cut row", "two codes", "cut number"],
)
def test_a_table_that_does_not_add_up_to_its_file_is_refused(text, words):
    with pytest.raises(ReaderError) as caught:
        account_of(text)

    assert words in str(caught.value)


def test_a_number_at_an_open_end_that_may_have_lost_its_last_digits_is_flagged():
    account = account_of("sample,analyte,matrix,unit,value\nS1,iron,serum,ug/dL,98\nS2,iron,serum,ug/dL,101")

    assert [(one.where, one.n_cells) for one in account.flagged] == [("line 3", 1)]


def test_rows_that_look_like_data_and_that_no_reader_named_refuse_the_file():
    table = source("a,b,c\n1,2,3\n4,5,6\n\n\nwell,conc,text,count\nA1,7,8,9\n")
    account = table.new_account()
    for row in table.sheets[0].rows[:3]:
        account.use(table.sheets[0], row)

    with pytest.raises(ReaderError, match=r"lines 6 to 7: It looks like a second table that is not read"):
        close(account, "test")


def test_a_cell_counts_once_and_what_speaks_against_a_result_comes_first():
    table = source("a,b,c,d\n1,2,3,x\n")
    sheet, row = table.sheets[0], table.sheets[0].rows[1]
    account = table.new_account()
    account.use(sheet, sheet.rows[0])
    account.use(sheet, row, 0, 1)
    account.flag(sheet, row, 1, word="low bead count")
    account.leave(sheet, row, 1, 2, 3, reason="not asked for")

    closed = close(account, "test")

    assert (closed.n_cells, closed.n_used, closed.n_flagged, closed.n_left) == (8, 5, 1, 2)


def test_a_cell_that_the_file_does_not_have_is_the_fault_of_its_reader():
    table = source("a,b\n1,2\n")

    with pytest.raises(ReaderError, match="names line 9, which the file does not have"):
        table.new_account().use(table.sheets[0], 9)


def test_cells_under_two_delimiters_are_refused():
    table = source("a,b;c\n1,2;3\n")
    account = table.new_account()
    for sheet in table.sheets:
        account.use(sheet, sheet.rows[0])

    with pytest.raises(ReaderError, match="under two delimiters"):
        close(account, "test")


def test_segments_of_a_message_are_left_aside_by_name_and_never_by_what_they_say():
    message = source("MSH|^~\\&|A\rPID|1||4711^^^Doe^Jane\r", "a.hl7")
    account = message.new_account()
    account.use(message.cells[0], 1)

    (aside,) = close(account, "test").left_aside

    assert (aside.where, aside.text) == ("segment 2", "PID")


CELLS = st.text("ab ", max_size=3)


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=8), st.data())
def test_what_an_account_says_adds_up_to_the_cells_of_the_file(rows, data):
    table = source("\n".join(["h,h,h,h,h", *(",".join(["x", *row]) for row in rows)]))
    sheet = table.sheets[0]
    account = table.new_account()
    account.use(sheet, 1)
    for _ in range(data.draw(st.integers(0, 6))):
        row = data.draw(st.sampled_from(sheet.rows))
        columns = data.draw(st.lists(st.integers(0, 5), max_size=3))
        word = data.draw(st.sampled_from(["use", "flag", "leave"]))
        words = {"use": {}, "flag": {"word": "w"}, "leave": {"reason": "r"}}[word]
        getattr(account, word)(sheet, row, *columns, **words)

    closed = close(account, "test")

    assert closed.n_cells == sum(bool(cell.strip()) for row in sheet.rows for cell in row.cells)
    assert closed.n_cells == closed.n_used + closed.n_flagged + closed.n_left
