"""ASTM E1394 (CLSI LIS2-A2) messages of analysers: one result a R record; C, M, P, Q and S records hold none.

Field numbers are those of the standard, counted from 1 for the type of the record. Patient records are not read: the
sample sheet says whose a sample is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qc.readers.intake import Intake
from qc.readers.lab_sheets.analyte_names import with_own_names
from qc.readers.messages.astm_fields import ASTM
from qc.readers.messages.astm_marks import ACTS, marks_of, shift_faults
from qc.readers.messages.astm_reagents import expired, lot_of, reagents_of, say_makers
from qc.readers.messages.corrections import MessageResult, settled_rows
from qc.readers.messages.field_account import flag_empty_orders, flag_results, say_fields
from qc.readers.messages.field_forms import flag_moved_orders, flag_swapped_values
from qc.readers.protocol import Claim
from qc.readers.text.comments import words_of
from qc.readers.text.table_columns import frame
from schemas.errors import Fault, ReaderError
from schemas.matrix_names import matrix_named
from schemas.messages.astm_frames import Record, records_of, seals_of_frames
from schemas.messages.astm_orders import MeasuredOrder, orders_of
from schemas.messages.astm_values import analyte_of, sample_of, text_of
from schemas.messages.message import is_astm, stamp_of
from schemas.run import Run

if TYPE_CHECKING:
    from datetime import datetime

    from qc.readers.account import Account
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source
    from schemas.file_seal import FileSeal

_SERUM = "S"
"""What analysers write for serum in the descriptor of a sample."""


class AstmReader:
    """Read ASTM messages, framed or bare."""

    name = "astm"
    version = "3"
    is_plate = False

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where the file begins with a header record."""
        return Claim.SIGNATURE if is_astm(source.data) else None

    def seals(self, source: Source) -> tuple[FileSeal, ...]:
        """Recompute the checksum of every frame."""
        return seals_of_frames(source.data)

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read one row of ``reported`` for each R record that holds a result.

        Flags that are not N, a status that is not final and comments stand in ``flag``; so does what a result with
        status C corrects. An order with action code Q is a control. Missing frames and records, records without
        order, shifted fields, and messages without end or twice are faults.
        """
        faults: list[Fault] = []
        records = records_of(source.data, faults)
        run = run_sheet.run_for(source.stem) if run_sheet else Run(run=source.stem)
        run = replace(run, started_at=run.started_at or _first_time(records))
        patient_words = words_of(" ".join(record.fields) for record in records if record.field(1) == "P")
        results = [
            result for order in orders_of(records, faults) for result in _results(order, run, patient_words, faults)
        ]
        names = run_sheet.analytes if run_sheet else {}
        rows, unknown = with_own_names(settled_rows(results, faults), names, {})
        faults += unknown
        if not rows and not faults:
            faults.append(Fault("", "The file holds no result: there is no R record."))
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole ASTM message.", faults)
        lots = {row["reagent_lot"] for row in rows}
        lot = run.reagent_lot or (lots.pop() if len(lots) == 1 else "")
        run = replace(run, instrument=run.instrument or _sender(records), reagent_lot=lot)
        (sheet,) = source.cells
        say_makers(account, sheet, records)
        say_fields(account, sheet, ASTM, ())
        flag_empty_orders(account, sheet, "O", "R")
        flag_results(account, sheet, rows, 6, 8)
        flag_swapped_values(account, sheet, "R", 2, 3)
        flag_moved_orders(account, sheet, "O", (2, 3))
        return Intake("results", self.name, self.version, run.instrument, (run,), {"reported": frame("reported", rows)})


def _results(order: MeasuredOrder, run: Run, words: frozenset[str], faults: list[Fault]) -> Iterator[MessageResult]:
    faults += shift_faults(order)
    place = _place(order, run)
    if order.order.field(3).startswith(order.mark * 3):
        text = f"'{order.order.field(3)}' stands where the sample does (field 3) and has the form of a test."
        faults.append(Fault(order.order.where, f"{text} Is a field out of place?"))
    if order.results and not (place["sample"] or place["material"]):
        text = "The order does not say plainly which sample it is for (fields 3 and 4)."
        faults.append(Fault(order.order.where, text))
    for record, comments in order.results:
        analyte = analyte_of(record.field(3).split(order.mark))
        if not analyte:
            faults.append(Fault(record.where, "The result does not say which test it is of (field 3)."))
        if record.field(5).strip() and not record.field(5).split(order.mark)[0].strip():
            text = f"'{record.field(5)}' stands where the unit does (field 5): is a field out of place?"
            faults.append(Fault(record.where, text))
        row = place | {
            "line": record.line,
            "analyte": analyte,
            "text": text_of(record.field(4), order.mark),
            "unit": record.field(5).split(order.mark)[0].strip() or run.unit,
        }
        reagents = reagents_of(order.makers_of(record))
        row |= {"reagent_lot": lot_of(reagents)}
        key = (place["sample"], place["material"], analyte)
        act = ACTS.get(record.field(9).strip(), "")
        marks = [*marks_of(record, comments, order, words), *expired(reagents, run.started_at)]
        yield MessageResult(row, record.where, key, act, marks)


def _place(order: MeasuredOrder, run: Run) -> dict[str, Any]:
    sample, kind = sample_of(order.order, order.mark), order.order.field(16).split(order.mark)[0]
    is_control = "Q" in order.order.field(12).upper()
    return {
        "run": run.run,
        "role": "control" if is_control else "sample",
        "sample": "" if is_control else sample,
        "material": sample if is_control else "",
        "matrix": ("serum" if kind.strip().upper() == _SERUM else matrix_named(kind)) or run.matrix,
        "dilution": 1.0,
        "method": run.method,
        "decimal_comma": False,
    }


def _sender(records: Sequence[Record]) -> str:
    sender = next((record.field(5) for record in records if record.field(1) == "H"), "")
    return " ".join([part.strip() for part in sender.split("^") if part.strip()][:3])


def _first_time(records: Sequence[Record]) -> datetime | None:
    times = [stamp_of(record.field(13)) for record in records if record.field(1) == "R"]
    times_of_results = [time for time in times if time is not None]
    header = [stamp_of(record.field(14)) for record in records if record.field(1) == "H"]
    return min(times_of_results) if times_of_results else next((time for time in header if time is not None), None)


READER = AstmReader()
