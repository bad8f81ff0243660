"""HL7 version 2 results (ORU^R01, OUL^R21 to R24): one result an OBX segment.

The patient segment is not read: the sample sheet says whose a sample is. Documents (value types ED and RP) hold no
result and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qc.readers.intake import Intake
from qc.readers.lab_sheets.analyte_names import with_own_names
from qc.readers.messages.corrections import MessageResult, settled_rows
from qc.readers.messages.field_account import flag_empty_orders, flag_results, say_fields
from qc.readers.messages.field_forms import flag_moved_orders
from qc.readers.messages.hl7_fields import HL7
from qc.readers.messages.hl7_marks import ACTS, expired_reagents, lot_of, marks_of
from qc.readers.protocol import Claim
from qc.readers.text.comments import words_of
from qc.readers.text.table_columns import frame
from schemas.errors import Fault, ReaderError
from schemas.matrix_names import matrix_named
from schemas.messages.hl7_orders import DOCUMENTS, Order, orders_of
from schemas.messages.hl7_seals import seals_of_messages
from schemas.messages.hl7_segments import Segment, segments_of
from schemas.messages.hl7_shifts import shift_faults
from schemas.messages.hl7_values import VALUE_TYPES, analyte_of, codes_of, dilution_of, sample_of, text_of
from schemas.messages.message import is_hl7, message_text, stamp_of
from schemas.run import Run

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source
    from schemas.file_seal import FileSeal

_EVENTS = frozenset({"ORU^R01", "ORU^R30", "ORU^R31", "ORU^R32", "OUL^R21", "OUL^R22", "OUL^R23", "OUL^R24"})
_OF_THE_PATIENT = frozenset({"PID", "PD1", "NK1", "GT1", "IN1", "IN2", "PV1", "PV2"})


class Hl7Reader:
    """Read HL7 version 2 messages of results."""

    name = "hl7"
    version = "2"
    is_plate = False

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where the file begins with a header segment."""
        return Claim.SIGNATURE if is_hl7(source.data) else None

    def seals(self, source: Source) -> tuple[FileSeal, ...]:
        """Compare the ends of its messages and the numbers of its trailers with what it holds."""
        return seals_of_messages(message_text(source.data))

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read one row of ``reported`` for each OBX segment.

        A result without a value keeps empty text. Flags that are not N, a status that is not final, comments and the
        state of the specimen stand in ``flag``; so does what a result with status C corrects. A specimen with role Q
        is a control. Other messages, unknown value types, numbers of segments with a gap, a segment that the file
        ends in, and results of no sample are faults.
        """
        faults: list[Fault] = []
        messages = segments_of(message_text(source.data), faults)
        faults += _repeated(messages)
        run = run_sheet.run_for(source.stem) if run_sheet else Run(run=source.stem)
        run = replace(
            run, instrument=run.instrument or _sender(messages), started_at=run.started_at or _first(messages)
        )
        results = [result for message in messages for result in _results(message, run, faults)]
        names = run_sheet.analytes if run_sheet else {}
        rows, unknown = with_own_names(settled_rows(results, faults), names, codes_of(messages))
        faults += unknown
        if not rows and not faults:
            faults.append(Fault("", "The file holds no result: there is no OBX segment with a value type of results."))
        if faults:
            raise ReaderError(f"'{source.path.name}' cannot be read as HL7 results.", faults)
        (sheet,) = source.cells
        say_fields(account, sheet, HL7, _documents(messages))
        flag_empty_orders(account, sheet, "OBR", "OBX")
        flag_results(account, sheet, rows, 8, 11)
        flag_moved_orders(account, sheet, "SPM", (2,))
        flag_moved_orders(account, sheet, "OBR", (3, 2))
        return Intake("results", self.name, self.version, run.instrument, (run,), {"reported": frame("reported", rows)})


def _repeated(messages: Sequence[Sequence[Segment]]) -> Iterator[Fault]:
    controls = [message[0].field(10).strip() if message else "" for message in messages]
    for place, control in enumerate(controls):
        if control and control in controls[:place]:
            yield Fault(messages[place][0].where, f"Message '{control}' (MSH-10) stands twice in the file.")


def _results(message: Sequence[Segment], run: Run, faults: list[Fault]) -> Iterator[MessageResult]:
    event = "^".join(message[0].parts(9)[:2]) if message else ""
    if message and event not in _EVENTS:
        faults.append(Fault(message[0].where, f"A message '{event}' carries no results; expected ORU^R01 or OUL^R22."))
        return
    orders = orders_of(message, faults)
    faults += shift_faults(orders)
    patient_words = words_of(str(segment.parsed) for segment in message if segment.name in _OF_THE_PATIENT)
    for order in orders:
        yield from _of_order(order, run, patient_words, faults)


def _of_order(order: Order, run: Run, patient_words: frozenset[str], faults: list[Fault]) -> Iterator[MessageResult]:
    place = _place(order, run)
    if order.results and not (place["sample"] or place["material"]):
        where = order.segments[0].where
        faults.append(Fault(where, "Neither specimen (SPM-2) nor order (OBR-3, OBR-2) says which sample it is."))
    for result in order.results:
        segment = result.segment
        faults += _faults_of(segment)
        row = place | {
            "line": segment.line,
            "analyte": analyte_of(segment),
            "text": text_of(segment),
            "unit": segment.parts(6)[0] or run.unit,
            "method": segment.parts(17)[0] or run.method,
            "dilution": dilution_of(result.more),
            "reagent_lot": lot_of(result, order),
        }
        key = (place["sample"], place["material"], row["analyte"], segment.field(4).strip())
        act = ACTS.get(segment.field(11).strip(), "")
        marks = [*marks_of(result, order, patient_words), *expired_reagents(result, order, run.started_at)]
        yield MessageResult(row, segment.where, key, act, marks)


def _place(order: Order, run: Run) -> dict[str, Any]:
    specimen = order.specimens[-1] if order.specimens else None
    sample = sample_of(order.order, specimen)
    kind = (specimen.parts(4) if specimen else []) + (order.order.parts(15) if order.order else [])
    matrix = next((named for word in kind if (named := matrix_named(word))), "")
    is_control = specimen is not None and "Q" in specimen.parts(11)[:1]
    return {
        "run": run.run,
        "role": "control" if is_control else "sample",
        "sample": "" if is_control else sample,
        "material": sample if is_control else "",
        "matrix": matrix or run.matrix,
        "decimal_comma": False,
    }


def _faults_of(segment: Segment) -> Iterator[Fault]:
    kind = segment.field(2).strip()
    if kind not in VALUE_TYPES and (kind or segment.field(5).strip()):
        yield Fault(segment.where, f"Value type '{kind}' (OBX-2) is none of HL7's table 0125.")
    if not any(segment.parts(3)):
        yield Fault(segment.where, "The result does not say which test it is of (OBX-3).")


def _documents(messages: Sequence[Sequence[Segment]]) -> list[int]:
    segments = [segment for message in messages for segment in message if segment.name == "OBX"]
    return [segment.line for segment in segments if segment.field(2).strip() in DOCUMENTS]


def _sender(messages: Sequence[Sequence[Segment]]) -> str:
    headers = [message[0] for message in messages if message]
    return next((part for header in headers for part in header.parts(3) if part), "")


def _first(messages: Sequence[Sequence[Segment]]) -> Any:
    segments = [segment for message in messages for segment in message]
    analysed = [stamp_of(segment.field(19)) for segment in segments if segment.name == "OBX"]
    sent = [stamp_of(segment.field(7)) for segment in segments if segment.name == "MSH"]
    times = [time for time in analysed if time] or [time for time in sent if time]
    return min(times, default=None)


READER = Hl7Reader()
