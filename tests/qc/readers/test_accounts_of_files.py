"""Whatever is read, its account adds up to the file: our own sample files, and shared exports of other laboratories."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_bioplex
import test_skanit
import test_smart_control
from documents import FORMATS, MAPS
from workbooks import BOOKS, as_workbook

from qc.readers.account import Account
from qc.readers.known_readers import readers
from qc.readers.peel import close
from qc.readers.plates.plate_map import read_plate_map
from qc.readers.read import chosen_reader, read, read_plates
from qc.readers.text.source import Source
from schemas.errors import ReaderError

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "data"
OWN_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".hl7", ".astm"})
MOST_BYTES = 400_000
"""Larger files add seconds and no format."""


def account_of(source):
    chosen = chosen_reader(source, None)
    return read_plates(source, chosen).account if chosen.is_plate else read(source).accounts["main"]


def n_filled(sheets):
    return sum(bool(cell.strip()) for sheet in sheets for row in sheet.rows for cell in row.cells)


def faults_of(source):
    """Say where the account of a file, counted anew, does not add up to it; nothing if it is refused."""
    try:
        account = account_of(source)
    except ReaderError:
        return []
    counts = {n_filled(source.cells)} if source.form != "text" else {n_filled([cut]) for cut in source.cells}
    parts = account.n_used + sum(one.n_cells for one in (*account.flagged, *account.left_aside))
    places = [one for one in (*account.flagged, *account.left_aside) if not (one.where and one.why and one.n_cells)]
    is_sum = parts == account.n_cells and account.n_cells in counts and account.n_used > 0
    return [] if is_sum and not places else [(source.path.name, account.n_cells, parts, counts, places)]


def every_format():
    """One file of each format and, where it may come as one, the same as a workbook."""
    texts = {f"{name}.txt": make(2).encode() for name, make in FORMATS.items() if name not in MAPS}
    books = {f"{name}.xlsx": as_workbook(FORMATS[name](2)) for name in BOOKS if name not in MAPS}
    made = [Source(Path(name), data) for name, data in {**texts, **books}.items()]
    return [*made, test_bioplex.book(), test_smart_control.source(test_smart_control.ROWS), test_skanit.whole()]


def test_what_an_account_says_adds_up_to_the_file_for_every_reader():
    sources = every_format()

    without = sorted(set(readers()) - {chosen_reader(source, None).name for source in sources})
    assert not without, f"Give {', '.join(without)} a document in FORMATS of tests/qc/readers/door/documents.py."
    for source in sources:
        account_of(source)  # None of them is refused.
        assert faults_of(source) == []


@pytest.mark.parametrize("form", ["text", "workbook"])
@pytest.mark.parametrize("name", MAPS)
def test_what_an_account_says_adds_up_to_a_plate_map(name, form):
    text = FORMATS[name](2)
    source = Source(Path("a.map"), text.encode() if form == "text" else as_workbook(text))
    account = source.new_account()
    read_plate_map(source, {}, account)

    closed = close(account, "plate map")

    assert closed.n_cells == n_filled(source.cells[:1] if form == "text" else source.cells)
    assert closed.is_closed


def test_a_reader_that_counts_a_cell_twice_or_forgets_one_is_seen(monkeypatch):
    source = Source(Path("a.txt"), FORMATS["tidy"](2).encode())
    whole = account_of(source)
    use = Account.use_table

    def without_the_last(account, sheet, header, rows, columns, **more):
        use(account, sheet, header, rows, list(columns)[:-1], **more)

    monkeypatch.setattr(Account, "use_table", without_the_last)
    less = account_of(source)
    monkeypatch.setitem(globals(), "n_filled", lambda sheets: whole.n_cells + 1)

    assert less.n_used < whole.n_used
    assert less.n_used + less.n_left == whole.n_cells
    assert faults_of(source)


def test_the_accounts_of_our_own_files_add_up():
    files = [path for path in sorted((ROOT / "sample_runs").rglob("*")) if path.suffix in OWN_SUFFIXES]

    assert [fault for path in files for fault in faults_of(Source(path, path.read_bytes()))] == []
    assert len(files) > 50


@pytest.mark.long
@pytest.mark.shared
def test_the_accounts_of_shared_exports_add_up():
    files = [path for path in sorted(SHARED.rglob("*")) if path.is_file() and path.stat().st_size < MOST_BYTES]

    assert [fault for path in files for fault in faults_of(Source(path, path.read_bytes()))] == []
