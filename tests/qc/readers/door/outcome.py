"""What became of a deformed file beside the whole one: refused, told, the same, lost or changed in silence.

A reading is a number with what it belongs to. A number that the file no longer holds is not lost by the reader; one
that the file now writes beside another name is not changed by the reader, where number and name stand on one line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deformed import Deformed, texts_of

from qc.readers.contradictions.account_tables import contradictions
from qc.readers.peel import close
from qc.readers.plates.plate_map import read_plate_map
from qc.readers.read_view import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

NUMBERS = ("text", "value", "conc", "target", "sd", "dilution")
NAMES = ("sample", "material", "subject", "analyte", "level", "lot", "visit", "unit")
UNSAID = ("", "1")
"""What a reading says of a name or a dilution that the file does not give."""
LEAST_NAME = 4
"""Letters of a name that is known within another word: ``2AB1`` in ``Plate_2AB1``."""
NOTES = ("seals", "remarks", "findings")


Reading = tuple[tuple[str, ...], tuple[str, ...]]
"""Names and numbers."""


@dataclass(frozen=True)
class Read:
    error: str
    readings: Counter[tuple[tuple[str, ...], tuple[str, ...]]]
    """(names, numbers) of every reading."""
    notes: Counter[str]


def read_of(data: bytes, path: Path) -> Read:
    path.write_bytes(data)
    answer = read(path)
    if answer.get("error"):
        return Read(answer["error"], Counter(), Counter())
    readings = Counter([*_wells(answer["wells"]), *_rows(answer.get("rows", []))])
    return Read("", readings, Counter(_notes(answer)))


def _wells(wells: Iterable[Mapping[str, Any]]) -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
    for one in wells:
        names = (one["well"], one["plate"], one["block"], one["analyte"], one["role"], one["name"])
        yield _shown(names), (one["text"], *_shown((one["conc"],)))


def _rows(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
    for one in rows:
        yield _shown(one.get(name) for name in NAMES), _shown(one.get(name) for name in NUMBERS)


def _shown(cells: Iterable[object]) -> tuple[str, ...]:
    """Numbers as a file writes them: 4 and not 4.0."""
    return tuple(
        "" if cell is None else str(cell).removesuffix(".0") if isinstance(cell, float) else str(cell) for cell in cells
    )


def _notes(answer: Mapping[str, Any]) -> Iterable[str]:
    """Yield what was told, without numbers of lines and counts of cells: more of the same tells of nothing."""
    for name in NOTES:
        yield from (f"{name}: {one}" for one in answer.get(name) or [])
    account = answer.get("account") or {}
    for one in (*account.get("flagged", ()), *account.get("left_aside", ())):
        yield re.sub(r"\d+", "", f"{one['where']} {one['why']} ") + one["text"]
    yield from (f"flag {flag}" for one in answer["wells"] for flag in one["flags"])
    yield from (f"flag {one['flag']}" for one in answer.get("rows", []) if one.get("flag"))


def _nothing_is_stated(_: bytes) -> bool:
    return True


def outcome(
    whole: Read, read_again: Read, deformed: Deformed, *, holds: Callable[[bytes], bool] = _nothing_is_stated
) -> str:
    """Say what became of a deformed file; ``holds`` tells whether what the file states of its own cells still holds."""
    if read_again.error:
        return "refused"
    if read_again.readings == whole.readings:
        return "the same"
    if read_again.notes - whole.notes:
        return "told"
    if not holds(deformed.data):
        return "contradicted in silence"
    if deformed.is_plain_swap:
        return "a plain swap"
    new = [one for one in read_again.readings if one not in whole.readings]
    old = [one for one in whole.readings if one not in read_again.readings]
    if any(not (_says_so(one, deformed) or _lost_a_name(one, old, deformed)) for one in new):
        return "changed in silence"
    if deformed.kind.startswith("swap") and deformed.kind != "swap_columns":
        return "changed in silence"
    now = Counter({numbers: n for (_, numbers), n in read_again.readings.items()})
    lost = [one for one in whole.readings - read_again.readings if not (_is_gone(one, deformed) or now[one[1]])]
    return "lost in silence" if lost else "as the file says"


def _is_gone(reading: tuple[tuple[str, ...], tuple[str, ...]], deformed: Deformed) -> bool:
    names, numbers = reading
    # As some readings are shown: 5 for 5.0, 1000 for "1,000.000".
    plain = {text.strip('"').replace(",", "") for text in deformed.gone}
    gone = deformed.gone | plain | {re.sub(r"\.0+\Z", "", text) for text in plain}
    return bool(gone.intersection(numbers if any(numbers) else names)) or names[0] in gone


def _lost_a_name(one: Reading, old: Iterable[Reading], deformed: Deformed) -> bool:
    """Whether a reading is an old one but for what the file no longer holds: its plate, its sample, its dilution."""
    # What a row said of its well, its dose and dilution, goes with the row.
    return any(
        all(
            was == is_ or _is_unsaid(was, is_, deformed) or (at and is_ in UNSAID and names[0] in deformed.gone)
            for at, (was, is_) in enumerate(zip(numbers, one[1], strict=True))
        )
        and all(
            was == is_ or _is_unsaid(was, is_, deformed) or (is_ == "" and _has_gone(names, one[0], deformed))
            for was, is_ in zip(names, one[0], strict=True)
        )
        for names, numbers in old
    )


def _is_unsaid(was: str, is_: str, deformed: Deformed) -> bool:
    """Whether a text went with its words, and what is said in its place (nothing, the name of the file) is no text."""
    is_within = len(was) >= LEAST_NAME and any(was in one for one in deformed.gone)
    has_gone = bool(was) and (is_within or set(was.split()) <= deformed.gone or was in deformed.gone)
    return has_gone and (is_ in UNSAID or is_.encode() not in deformed.data)


def _has_gone(was: Iterable[str], is_: Iterable[str], deformed: Deformed) -> bool:
    """Whether one of the names that changed went with its words, or the well with all that was said of it there."""
    if next(iter(was), "") in deformed.gone:
        return True
    return any(_is_unsaid(one, now, deformed) for one, now in zip(was, is_, strict=True) if one != now)


def _says_so(reading: tuple[tuple[str, ...], tuple[str, ...]], deformed: Deformed) -> bool:
    """Whether the file now writes the number and what it belongs to on one line."""
    names, numbers = reading
    belongs, number = next(filter(None, names), ""), next(filter(None, numbers), "")
    lines = [texts_of(line) for line in deformed.data.split(b"\n")]
    return any(belongs in line and (not number or number in line) for line in lines)


def map_of(data: bytes, path: Path) -> Read:
    """Read a plate map as the door does, beside no export."""
    source = Source(path, data)
    account = source.new_account()
    try:
        wells = read_plate_map(source, {}, account)
        remarks = contradictions(account)
        closed = close(account, "plate map")
    except ReaderError as error:
        return Read(str(error), Counter(), Counter())
    names = [(one.well, one.plate, one.role, one.name, one.analyte, one.material, one.level, one.lot) for one in wells]
    numbers = [tuple("" if number is None else f"{number:g}" for number in (one.conc, one.dilution)) for one in wells]
    readings = Counter((_shown(own), shown) for own, shown in zip(names, numbers, strict=True))
    notes = _notes({"account": closed.as_json(), "wells": (), "remarks": remarks})
    return Read("", readings, Counter(notes))
