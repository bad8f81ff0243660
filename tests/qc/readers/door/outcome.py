"""What became of a deformed file beside the whole one: refused, told, the same, lost or changed in silence.

A reading is a number with what it belongs to. A number that the file no longer holds is not lost by the reader; one
that the file now writes beside another name is not changed by the reader, where number and name stand on one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deformed import Deformed, texts_of

from qc.readers.read_view import read

NUMBERS = ("text", "value", "conc", "target", "sd", "dilution")
NAMES = ("sample", "material", "subject", "analyte", "level", "lot", "visit", "unit")
NOTES = ("left_aside", "seals", "flagged", "remarks", "account")


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
    return tuple("" if cell is None else str(cell) for cell in cells)


def _notes(answer: Mapping[str, Any]) -> Iterable[str]:
    for name in NOTES:
        told = answer.get(name) or []
        yield from (f"{name}: {one}" for one in (told if isinstance(told, list) else [told]))
    yield from (str(one) for one in answer["findings"])
    yield from (f"flag {flag}" for one in answer["wells"] for flag in one["flags"])
    yield from (f"flag {one['flag']}" for one in answer.get("rows", []) if one.get("flag"))


def outcome(whole: Read, read_again: Read, deformed: Deformed) -> str:
    if read_again.error:
        return "refused"
    if read_again.readings == whole.readings:
        return "the same"
    if read_again.notes - whole.notes:
        return "told"
    if any(not _says_so(one, deformed) for one in read_again.readings if one not in whole.readings):
        return "changed in silence"
    now = Counter({numbers: n for (_, numbers), n in read_again.readings.items()})
    if "swapped" in deformed.how and read_again.readings.total() == whole.readings.total():
        return "as the file says"
    lost = [one for one in whole.readings - read_again.readings if not (_is_gone(one, deformed) or now[one[1]])]
    return "lost in silence" if lost else "as the file says"


def _is_gone(reading: tuple[tuple[str, ...], tuple[str, ...]], deformed: Deformed) -> bool:
    names, numbers = reading
    return bool(deformed.gone.intersection(numbers if any(numbers) else names))


def _says_so(reading: tuple[tuple[str, ...], tuple[str, ...]], deformed: Deformed) -> bool:
    """Whether the file now writes the number and what it belongs to on one line, or two like cells changed places."""
    names, numbers = reading
    if deformed.is_plain_swap:
        return True
    belongs, number = next(filter(None, names), ""), next(filter(None, numbers), "")
    lines = [texts_of(line) for line in deformed.data.splitlines()]
    return any(belongs in line and (not number or number in line) for line in lines)
