"""One CSV reader serves the door and the trials: lines, quotes, delimiter and decimal mark are told in one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from schemas.text_tables.delimited import cut, table_of
from schemas.text_tables.numerals import decimal_mark, number_of

ROOT = Path(__file__).resolve().parents[2]


def rows_of(text):
    return [(row.line, row.cells) for row in table_of(text).rows]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_table_is_cut_at_the_delimiter_that_its_header_holds_most_of(mark):
    text = f"a{mark}b{mark}c\n1{mark}2{mark}3\n"

    assert table_of(text).delimiter == mark
    assert rows_of(text) == [(1, ("a", "b", "c")), (2, ("1", "2", "3"))]


def test_a_mark_at_the_start_is_passed_over_and_a_quoted_cell_keeps_the_line_where_it_begins():
    assert rows_of('\ufeffa,b\n"x\ny", "1,5"\nz,2\n') == [(1, ("a", "b")), (2, ("x\ny", "1,5")), (4, ("z", "2"))]


def test_a_quote_that_is_not_closed_is_a_fault_of_the_line_where_it_opens():
    (fault,) = table_of('a,b\n1,2\n"3,4\n').faults

    assert fault.where == "line 3"
    assert "cannot be followed" in fault.text


def test_a_text_is_cut_at_every_delimiter_that_it_holds_where_its_layout_is_not_known():
    assert [sheet.delimiter for sheet in cut("a,b\n1;2\n")] == [",", ";"]


@pytest.mark.parametrize(
    "texts, mark",
    [
        (["1.5", "2"], "."),
        (["1,5", "<0,5", "\u22121,25"], ","),
        (["1,5", "1.5"], "?"),
        (["1,234", "2,345"], "?"),
        (["S.1", "1,5"], ","),
    ],
)
def test_the_decimal_mark_is_told_by_all_cells_together(texts, mark):
    assert decimal_mark(texts) == mark


def test_a_comma_before_three_digits_is_a_decimal_one_where_no_thousands_are_parted():
    assert decimal_mark(["1,234"], may_part_thousands=False) == ","
    assert number_of("1,234", ",") == 1.234


def test_only_one_module_reads_csv():
    def reads_csv(file):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
        return any(
            isinstance(call.value, ast.Name) and call.value.id == "csv" and "eader" in call.attr for call in calls
        )

    files = [file for floor in ("schemas", "checks", "qc", "tui") for file in sorted((ROOT / floor).rglob("*.py"))]

    reading = [str(file.relative_to(ROOT)) for file in files if reads_csv(file)]
    assert reading == ["schemas/text_tables/delimited.py"], f"Read CSV through schemas.text_tables.delimited: {reading}"
