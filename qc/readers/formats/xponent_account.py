"""What becomes of each cell of an xPONENT export."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from qc.readers.formats.xponent_kit import kit_of
from qc.readers.formats.xponent_tables import SAMPLE, XponentExport, XponentTable

if TYPE_CHECKING:
    from qc.readers.account import Account

_HEAD = frozenset({"Program", "Batch", "Date", "Samples"})
_COMPARED = frozenset({"Dilution Factor", "Per Bead Count", "Standard Expected Concentration"})
_SAID = {"Warnings/Errors": "warning of the instrument", "Comments": "comment of the instrument"}


def tell(export: XponentExport, measured: Collection[str], account: Account) -> None:
    """Say what was used, flagged and left aside.

    Parameters
    ----------
    measured : collection of str
        Kinds of tables that hold what was measured.
    """
    sheet = export.sheet
    of_kit = kit_of(export.head).lines
    for row in export.head:
        failed = row.cell(1).casefold().startswith("fail")
        if failed:
            account.flag(sheet, row, word="the instrument says that it failed")
        elif row.cell(0) in _HEAD or row.line in of_kit:
            account.use(sheet, row)
        else:
            account.leave(sheet, row, reason="settings of instrument and protocol")
    for table in export.tables:
        _tell_table(export, table, measured, account)
    for row in export.footer:
        account.use(sheet, row)


def _tell_table(export: XponentExport, table: XponentTable, measured: Collection[str], account: Account) -> None:
    sheet = export.sheet
    rows = [table.head] + ([table.header] if table.header else [])
    for row in [*rows, *table.rows]:
        if table.kind in _SAID and row not in rows:
            columns = [place for place, cell in enumerate(row.cells) if cell.strip() and place > SAMPLE]
            account.use(sheet, row, 0, SAMPLE)
            account.flag(sheet, row, *columns, word=_SAID[table.kind]) if columns else None
        elif table.kind in measured or table.kind in _COMPARED or table.kind in _SAID:
            account.use(sheet, row)
        else:
            account.leave(sheet, row, reason=f"table '{table.kind}': calculated or set by xPONENT")
