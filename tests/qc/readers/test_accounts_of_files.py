"""Whatever is read, its account adds up to the file: our own sample files, and shared exports of other laboratories."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_the_accounts_of_our_own_files_add_up():
    files = [path for path in sorted((ROOT / "sample_runs").rglob("*")) if path.suffix in OWN_SUFFIXES]

    assert [fault for path in files for fault in faults_of(Source(path, path.read_bytes()))] == []
    assert len(files) > 50


@pytest.mark.long
@pytest.mark.shared
def test_the_accounts_of_shared_exports_add_up():
    files = [path for path in sorted(SHARED.rglob("*")) if path.is_file() and path.stat().st_size < MOST_BYTES]

    assert [fault for path in files for fault in faults_of(Source(path, path.read_bytes()))] == []
