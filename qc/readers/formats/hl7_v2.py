"""HL7 version 2 results (ORU^R01, OUL^R21 to R24): one result an OBX segment.

The patient segment is not read: the sample sheet says whose a sample is. Documents (value types ED and RP) hold no
result and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qc.readers.formats.hl7_segments import Segment, segments_of
from qc.readers.intake import Intake
from qc.readers.protocol import Claim
from qc.readers.text.message import is_hl7, message_text, stamp_of
from qc.readers.text.table_columns import frame
from schemas.errors import Fault, ReaderError
from schemas.run import Run

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source

_EVENTS = frozenset({"ORU^R01", "ORU^R30", "ORU^R31", "ORU^R32", "OUL^R21", "OUL^R22", "OUL^R23", "OUL^R24"})
_VALUE_TYPES = frozenset(
    {
        *("AD", "CE", "CF", "CK", "CN", "CNE", "CP", "CWE", "CX", "DR", "DT", "DTM", "FT", "ID", "IS", "MA", "MO"),
        *("NA", "NM", "PN", "SI", "SN", "ST", "TM", "TN", "TS", "TX", "XAD", "XCN", "XON", "XPN", "XTN"),
    }
)
_DOCUMENTS = frozenset({"ED", "RP"})
_STATUS = {
    "P": "preliminary",
    "I": "pending",
    "S": "partial",
    "R": "not verified",
    "X": "cannot be obtained",
    "N": "not asked for",
    "O": "order only",
    "A": "amended",
    "B": "appended",
    "V": "verified before it is final",
}
_FINAL = frozenset({"", "F", "C", "U"})
_WITHDRAWN = {"D": "deleted", "W": "wrong"}
_MATRICES = {"ser": "serum", "serum": "serum", "csf": "csf", "plas": "plasma", "ppp": "plasma", "plasma": "plasma"}


class Hl7Reader:
    """Read HL7 version 2 messages of results."""

    name = "hl7"
    version = "1"
    is_plate = False

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where the file begins with a header segment."""
        return Claim.SIGNATURE if is_hl7(source.data) else None

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read one row of ``reported`` for each OBX segment.

        A result without a value keeps empty text. Flags that are not N, and a status that is not final, stand in
        ``flag``. A specimen with role Q is a control. Other messages, unknown value types, withdrawn results and
        results of no sample are faults.
        """
        faults: list[Fault] = []
        messages = segments_of(message_text(source.data), faults)
        run = run_sheet.run_for(source.stem) if run_sheet else Run(run=source.stem)
        run = replace(
            run, instrument=run.instrument or _sender(messages), started_at=run.started_at or _first(messages)
        )
        rows = [row for message in messages for row in _rows(message, run, faults)]
        if not rows and not faults:
            faults.append(Fault("", "The file holds no result: there is no OBX segment with a value type of results."))
        if faults:
            raise ReaderError(f"'{source.path.name}' cannot be read as HL7 results.", faults)
        return Intake("results", self.name, self.version, run.instrument, (run,), {"reported": frame("reported", rows)})


def _rows(message: Sequence[Segment], run: Run, faults: list[Fault]) -> Iterator[dict[str, Any]]:
    event = "^".join(message[0].parts(9)[:2]) if message else ""
    if message and event not in _EVENTS:
        faults.append(Fault(message[0].where, f"A message '{event}' carries no results; expected ORU^R01 or OUL^R22."))
        return
    for order, specimen, results in _groups(message, is_specimen_first=event.startswith("OUL")):
        place = _place(order, specimen, run)
        if results and not (place["sample"] or place["material"]):
            where = (order or results[0]).where
            faults.append(Fault(where, "Neither specimen (SPM-2) nor order (OBR-3, OBR-2) says which sample it is."))
        for segment in results:
            yield place | _result(segment, run, faults)


def _groups(
    message: Sequence[Segment], *, is_specimen_first: bool
) -> Iterator[tuple[Segment | None, Segment | None, list[Segment]]]:
    order: Segment | None = None
    specimen: Segment | None = None
    results: list[Segment] = []
    for segment in message:
        if segment.name == "OBR" or (segment.name == "SPM" and is_specimen_first):
            yield order, specimen, results
            results = []
            order = segment if segment.name == "OBR" else None
            specimen = specimen if is_specimen_first else None
        if segment.name == "SPM":
            specimen = segment
        elif segment.name == "OBX" and segment.field(2).strip() not in _DOCUMENTS:
            results.append(segment)
    yield order, specimen, results


def _place(order: Segment | None, specimen: Segment | None, run: Run) -> dict[str, Any]:
    told = [_id_of(specimen.parts(2))] if specimen else []
    told += [order.parts(3)[0], order.parts(2)[0]] if order else []
    sample = next((name for name in told if name), "")
    kind = (specimen.parts(4) if specimen else []) + (order.parts(15) if order else [])
    matrix = next((_MATRICES[word.casefold()] for word in kind if word.casefold() in _MATRICES), "")
    is_control = specimen is not None and "Q" in specimen.parts(11)[:1]
    return {
        "run": run.run,
        "role": "control" if is_control else "sample",
        "sample": "" if is_control else sample,
        "material": sample if is_control else "",
        "matrix": matrix or run.matrix,
        "dilution": 1.0,
        "decimal_comma": False,
    }


def _id_of(parts: Sequence[str]) -> str:
    # A pair of identifiers, of who ordered and of who filled; each may have parts of its own, told apart by '&'.
    return next((part.split("&")[0] for part in reversed(parts) if part), "")


def _result(segment: Segment, run: Run, faults: list[Fault]) -> dict[str, Any]:
    kind, status = segment.field(2).strip(), segment.field(11).strip()
    named = segment.parts(3)
    if kind not in _VALUE_TYPES and (kind or segment.field(5).strip()):
        faults.append(Fault(segment.where, f"Value type '{kind}' (OBX-2) is none of HL7's table 0125."))
    if status in _WITHDRAWN:
        text = f"Status {status}: an earlier result is {_WITHDRAWN[status]}. Correct that run instead."
        faults.append(Fault(segment.where, text))
    if not any(named):
        faults.append(Fault(segment.where, "The result does not say which test it is of (OBX-3)."))
    return {
        "line": segment.line,
        "analyte": _analyte(named),
        "text": _text(kind, segment),
        "unit": segment.parts(6)[0] or run.unit,
        "method": segment.parts(17)[0] or run.method,
        "flag": ", ".join([part for part in _marks(segment) if part]),
    }


def _analyte(named: Sequence[str]) -> str:
    code, text, system = (*named[:3], "", "", "")[:3]
    return f"{text} [LOINC {code}]".strip() if system == "LN" and code else text or code


def _text(kind: str, segment: Segment) -> str:
    if segment.message.separators[2] in segment.field(5):
        return segment.field(5)  # several values in one result: text, and never one number of them
    parts = segment.parts(5)
    if kind == "SN":  # comparator, number, separator or suffix, number
        return "".join(parts[:4])
    return parts[0] if kind in ("NM", "CE", "CWE", "CNE") and parts[0] else " ".join(part for part in parts if part)


def _marks(segment: Segment) -> Iterator[str]:
    for mark in segment.field(8).replace("~", "^").split("^")[:4]:
        if mark.strip() not in ("", "N"):
            yield mark.strip()
    status = segment.field(11).strip()
    if status not in _FINAL and status not in _WITHDRAWN:
        yield _STATUS.get(status, f"status {status}")


def _sender(messages: Sequence[Sequence[Segment]]) -> str:
    headers = [message[0] for message in messages if message]
    return next((part for header in headers for part in header.parts(3) if part), "")


def _first(messages: Sequence[Sequence[Segment]]) -> Any:
    segments = [segment for message in messages for segment in message]
    analysed = [stamp_of(segment.field(19)) for segment in segments if segment.name == "OBX"]
    sent = [stamp_of(segment.field(7)) for segment in segments if segment.name == "MSH"]
    told = [time for time in analysed if time] or [time for time in sent if time]
    return min(told, default=None)


READER = Hl7Reader()
