"""SomaScan ADAT files: blocks ``^HEADER``, ``^COL_DATA``, ``^ROW_DATA`` and a table, a row a sample, a column a SeqId.

Values are relative fluorescence (RFU), which no unit of mass converts to. A sample whose ``RowCheck``, or a SeqId whose
``ColCheck``, is not PASS carries the maker's flag; samples of type calibrator, QC and buffer are controls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any  # Any: a row of the table ``reported``

from qc.readers.intake import Intake
from qc.readers.lab_sheets.analyte_names import with_own_names
from qc.readers.protocol import Claim
from qc.readers.text.table_columns import frame
from schemas.errors import Fault, ReaderError
from schemas.run import Run
from schemas.text_tables.numerals import number_of
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source

_TABLE, _HEADER = "^TABLE_BEGIN", "^HEADER"
_SEQ_ID, _UNITS, _COL_CHECK = "SeqId", "Units", "ColCheck"
_SAMPLE, _KIND, _ROW_CHECK = "SampleId", "SampleType", "RowCheck"
_ID = re.compile(r"\d+-\d+(_\d+)?\Z")
_PASS = frozenset({"", "PASS"})


@dataclass(frozen=True, slots=True)
class _Adat:
    """The table of an ADAT file."""

    sheet: Sheet
    begin: Row
    annotations: Mapping[str, Row]
    header: Row
    rows: tuple[Row, ...]
    first: int
    """Place of the first value."""
    is_open: bool = False
    """Whether the text ends without a line end."""


class AdatReader:
    """Read SomaScan ADAT files."""

    name = "adat"
    version = "1"
    is_plate = False
    surest_claim = Claim.SIGNATURE

    def claim(self, source: Source) -> Claim | None:
        """Claim a file with the lines ``^HEADER`` and ``^TABLE_BEGIN``."""
        is_ours = source.form == "text" and _HEADER in source.text[:4_000] and f"\n{_TABLE}" in source.text
        return Claim.SIGNATURE if is_ours else None

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read a row of ``reported`` for each value; the analyte is named by its SeqId."""
        adat = _adat(source)
        run = run_sheet.run_for(source.stem) if run_sheet else Run(run=source.stem)
        faults = list(_faults(adat))
        rows = [one for row in adat.rows for one in _results(adat, row, run)] if not faults else []
        rows, unknown = with_own_names(rows, run_sheet.analytes if run_sheet and rows else {}, {})
        if faults or unknown:
            raise ReaderError(f"'{source.path.name}' is not a whole ADAT file.", [*faults, *unknown])
        _account(adat, account)
        run = replace(run, instrument=run.instrument or "SomaScan")
        return Intake("results", self.name, self.version, "SomaScan", (run,), {"reported": frame("reported", rows)})


def _adat(source: Source) -> _Adat:
    tabbed = (sheet for sheet in source.sheets if sheet.delimiter == "\t")
    found = next(((sheet, row) for sheet in tabbed for row in sheet.rows if row.cell(0) == _TABLE), None)
    if found is None:
        raise ReaderError(f"'{source.path.name}' begins like an ADAT file but is not cut at tabs. Fetch it again.")
    sheet, begin = found
    below = [row for row in sheet.rows if row.line > begin.line]
    annotations: dict[str, Row] = {}
    for at, row in enumerate(below):
        first = next((place for place, cell in enumerate(row.cells) if cell.strip()), 0)
        if first == 0:
            seq_ids = annotations.get(_SEQ_ID)
            if seq_ids is None or not row.width:
                break
            place = next(place for place, cell in enumerate(seq_ids.cells) if cell.strip())
            rows = tuple(row for row in below[at + 1 :] if not row.is_blank)
            is_open = not source.text.rstrip(" \t").endswith(("\n", "\r"))
            return _Adat(sheet, begin, annotations, row, rows, place + 1, is_open)
        annotations[row.cell(first)] = row
    text = f"'{source.path.name}' holds no result: there is no row of a sample below '{_TABLE}'."
    raise ReaderError(text, [Fault(sheet.where(begin), "Export a study with samples, or fetch the file again.")])


def _faults(adat: _Adat) -> Iterator[Fault]:
    where, titles = adat.sheet.where, [cell.strip() for cell in adat.header.cells]
    if adat.is_open and adat.rows:
        text = (
            "The file ends here without a line end: it was cut off. Fetch it again; if it is whole, end its last line."
        )
        yield Fault(where(adat.rows[-1]), text)
    if not adat.rows:
        yield Fault(where(adat.header), "There is no row of a sample below the titles: the file holds no result.")
    for title in (_SAMPLE, _KIND):
        if title not in titles:
            yield Fault(where(adat.header), f"There is no column '{title}'; the file is cut or of a new form.")
    n_cells = len(adat.annotations[_SEQ_ID].cells)
    for row in (*adat.annotations.values(), *adat.rows):
        if len(row.cells) != n_cells:
            text = f"The row has {len(row.cells)} cells, that of the SeqIds has {n_cells}; a cell is lost or doubled."
            yield Fault(where(row), text)
    yield from _doubled_titles(adat, titles)
    yield from _odd_ids(adat)
    for row in adat.rows:
        if row.cell(adat.first - 1) and not adat.header.cell(adat.first - 1):
            yield Fault(where(row), "A cell stands in the empty column before the values; is a cell out of place?")
        odd = next(
            (cell for cell in row.cells[adat.first :] if cell.strip() and number_of(cell.strip(), ".") is None), ""
        )
        if odd:
            yield Fault(where(row), f"'{odd}' stands among the values and is no number; is a cell out of place?")


def _doubled_titles(adat: _Adat, titles: list[str]) -> Iterator[Fault]:
    """Name the first title that stands twice: a cell is doubled, and all others stand one further right."""
    doubled = next((title for at, title in enumerate(titles) if title and title in titles[:at]), "")
    if doubled:
        yield Fault(adat.sheet.where(adat.header), f"The title '{doubled}' stands twice: is a cell doubled?")


def _odd_ids(adat: _Adat) -> Iterator[Fault]:
    """Name the first of a few cells among the SeqIds that are none."""
    seq_ids = adat.annotations[_SEQ_ID]
    cells = [cell.strip() for cell in seq_ids.cells[adat.first :] if cell.strip()]
    odd = [cell for cell in cells if not _ID.match(cell)]
    if odd and len(odd) < len(cells) / 2:
        yield Fault(
            adat.sheet.where(seq_ids), f"'{odd[0]}' stands among the SeqIds and is none: is a cell out of place?"
        )


def _results(adat: _Adat, row: Row, run: Run) -> Iterator[dict[str, Any]]:
    titles = {cell.strip(): place for place, cell in enumerate(adat.header.cells) if cell.strip()}
    sample, kind = row.cell(titles[_SAMPLE]), row.cell(titles[_KIND])
    is_sample = kind.casefold() in ("", "sample")
    check = row.cell(titles[_ROW_CHECK]) if _ROW_CHECK in titles else ""
    seq_ids, units, checks = (adat.annotations.get(name) for name in (_SEQ_ID, _UNITS, _COL_CHECK))
    common = {"run": run.run, "line": row.line, "role": "sample" if is_sample else "control",
              "sample": sample if is_sample else "", "material": "" if is_sample else f"{kind} {sample}".strip(),
              "matrix": run.matrix, "dilution": 1.0, "method": run.method, "decimal_comma": False}  # fmt: skip
    for place in range(adat.first, len(row.cells)):
        if row.cell(place) and seq_ids is not None:
            own = checks.cell(place) if checks else ""
            flags = [f"{name}: {word}" for name, word in ((_ROW_CHECK, check), (_COL_CHECK, own)) if word not in _PASS]
            yield common | {"analyte": seq_ids.cell(place), "text": row.cell(place), "flag": ", ".join(flags),
                            "unit": units.cell(place) if units else "RFU"}  # fmt: skip


def _account(adat: _Adat, account: Account) -> None:
    titles = [cell.strip() for cell in adat.header.cells]
    own = {place for place, title in enumerate(titles) if title in (_SAMPLE, _KIND, _ROW_CHECK)}
    account.use_table(adat.sheet, adat.header, adat.rows, own | set(range(adat.first - 1, len(adat.rows[0].cells))))
    for row in adat.sheet.rows:
        if row.line <= adat.begin.line:
            account.leave(adat.sheet, row, reason="settings of the study and types of the columns")
    for name, row in adat.annotations.items():
        if name in (_SEQ_ID, _UNITS, _COL_CHECK):
            account.use(adat.sheet, row)
        else:
            account.leave(adat.sheet, row, reason="annotation of the SeqIds")
    if _ROW_CHECK in titles:
        place = titles.index(_ROW_CHECK)
        for row in adat.rows:
            if row.cell(place) not in _PASS:
                account.flag(adat.sheet, row, place, word=f"{_ROW_CHECK}: {row.cell(place)}")


READER = AdatReader()
