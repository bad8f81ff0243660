"""ASTM E1394 (CLSI LIS2-A2) messages of analysers: one result a R record; C, M, P, Q and S records hold none.

Field numbers are those of the standard, counted from 1 for the type of the record. Patient records are not read: the
sample sheet says whose a sample is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qc.readers.intake import Intake
from qc.readers.messages.astm_frames import Record, records_of, seals_of_frames
from qc.readers.protocol import Claim
from qc.readers.text.message import is_astm, stamp_of
from qc.readers.text.table_columns import frame
from schemas.errors import Fault, ReaderError
from schemas.run import Run

if TYPE_CHECKING:
    from datetime import datetime

    from qc.readers.account import Account
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source
    from schemas.file_seal import FileSeal

_KNOWN = frozenset("HPOCRQMSL")
_STATUS = {
    "P": "preliminary",
    "I": "pending",
    "S": "partial",
    "X": "cannot be done",
    "Q": "asked for",
    "V": "verified by the operator",
    "W": "doubtful",
    "M": "of a medium",
    "N": "needs review",
}
_FINAL = frozenset({"", "F", "C", "R", "V"})
_MATRICES = {"serum": "serum", "ser": "serum", "s": "serum", "csf": "csf", "plasma": "plasma"}


class AstmReader:
    """Read ASTM messages, framed or bare."""

    name = "astm"
    version = "2"
    is_plate = False

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where the file begins with a header record."""
        return Claim.SIGNATURE if is_astm(source.data) else None

    def seals(self, source: Source) -> tuple[FileSeal, ...]:
        """Recompute the checksum of every frame."""
        return seals_of_frames(source.data)

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read one row of ``reported`` for each R record that holds a result.

        Flags that are not N, and a status that is not final, stand in ``flag``. An order with action code Q is a
        control. Missing frames, records without order and messages without end are faults.
        """
        faults: list[Fault] = []
        records = records_of(source.data, faults)
        run = run_sheet.run_for(source.stem) if run_sheet else Run(run=source.stem)
        rows = list(_rows(records, run, faults))
        if not rows and not faults:
            faults.append(Fault("", "The file holds no result: there is no R record."))
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole ASTM message.", faults)
        run = replace(
            run, instrument=run.instrument or _sender(records), started_at=run.started_at or _first_time(records)
        )
        return Intake("results", self.name, self.version, run.instrument, (run,), {"reported": frame("reported", rows)})


def _rows(records: Sequence[Record], run: Run, faults: list[Fault]) -> Iterator[dict[str, Any]]:
    order: Record | None = None
    is_open, parts = False, "^"
    for record in records:
        kind = record.field(1)
        if kind == "H":
            faults += [Fault(record.where, "A message begins before the last one has ended.")] if is_open else []
            is_open, order, parts = True, None, _component_mark(record, faults)
        elif kind == "L":
            is_open = False
        elif kind == "O":
            order = record
        elif kind == "R":
            row = _row(record, order, parts, run, faults)
            if row:
                yield row
        elif kind not in _KNOWN:
            faults.append(Fault(record.where, f"'{kind}' is not a type of record; expected one of H P O R C M Q S L."))
    if is_open:
        faults.append(Fault("", "The last message has no L record: it was cut off. Fetch it again."))


def _component_mark(header: Record, faults: list[Fault]) -> str:
    marks = header.field(2)
    if len(marks) == 4 and marks[0] == marks[1]:
        marks = marks[1:]  # some senders escape the backslash
    if len(marks) != 3:
        faults.append(Fault(header.where, f"The header gives the delimiters '{marks}'; expected three characters."))
        return "^"
    return marks[1]


def _row(record: Record, order: Record | None, mark: str, run: Run, faults: list[Fault]) -> dict[str, Any] | None:
    if order is None:
        faults.append(Fault(record.where, "The result stands before any order, so its sample is not known."))
        return None
    sample = _sample(order, mark)
    analyte = _analyte(record.field(3).split(mark))
    if not sample:
        faults.append(Fault(order.where, "The order does not say plainly which sample it is for (fields 3 and 4)."))
    if not analyte:
        faults.append(Fault(record.where, "The result does not say which test it is of (field 3)."))
    is_control = "Q" in order.field(12).upper()
    value = record.field(4).split(mark)
    return {
        "run": run.run,
        "line": record.line,
        "role": "control" if is_control else "sample",
        "sample": "" if is_control else sample,
        "material": sample if is_control else "",
        "analyte": analyte,
        "matrix": _MATRICES.get(order.field(16).split(mark)[0].strip().casefold(), "") or run.matrix,
        "text": next((part.strip() for part in value if part.strip()), ""),
        "unit": record.field(5).split(mark)[0].strip() or run.unit,
        "dilution": 1.0,
        "method": run.method,
        "flag": _flag(record),
        "decimal_comma": False,
    }


def _sample(order: Record, mark: str) -> str:
    own = [part.strip() for part in order.field(3).split(mark)]
    given = order.field(4).split(mark)
    filled = [part.strip() for part in given if part.strip()]
    if own[0]:
        return own[0]
    if any(own) or len(filled) == 1:
        return next((part for part in [*own, *filled] if part), "")
    if len(given) > 2 and given[2].startswith(" "):
        return given[2].strip()  # haematology lines write rack^position^sample, the sample padded to 22 places
    is_place_first = len(given) > 2 and given[0].strip().isdigit() and given[1].strip().isdigit()
    return "" if is_place_first or not given[0].strip() else given[0].strip()


def _analyte(parts: Sequence[str]) -> str:
    named = [part.strip() for part in parts]
    if len(named) > 6 and (named[1] or named[6]):
        return " ".join(part for part in (named[1], named[6], *named[7:8]) if part)
    local = [part for part in named[3:5] if part]
    return local[0] if local else next((part for part in named if part), "")


def _flag(record: Record) -> str:
    marks = [mark.strip() for mark in record.field(7).split("\\") if mark.strip() not in ("", "N")]
    status = record.field(9).strip()
    return ", ".join(marks + ([] if status in _FINAL else [_STATUS.get(status, f"status {status}")]))


def _sender(records: Sequence[Record]) -> str:
    sender = next((record.field(5) for record in records if record.field(1) == "H"), "")
    return " ".join([part.strip() for part in sender.split("^") if part.strip()][:3])


def _first_time(records: Sequence[Record]) -> datetime | None:
    times = [stamp_of(record.field(13)) for record in records if record.field(1) == "R"]
    told = [time for time in times if time is not None]
    header = [stamp_of(record.field(14)) for record in records if record.field(1) == "H"]
    return min(told) if told else next((time for time in header if time is not None), None)


READER = AstmReader()
