"""Files cut at a place or changed by one slip of a hand, each told by what was done to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

DELIMITERS = (b",", b";", b"\t", b"|")


@dataclass(frozen=True)
class Deformed:
    how: str
    data: bytes
    gone: frozenset[str] = frozenset()
    """Texts that the file itself no longer holds, or holds otherwise, by what was done to it."""
    is_plain_swap: bool = False
    """Whether two cells of one kind changed places, or the rows of one well in two tables: no reader can know."""


def cut(data: bytes, random: Random) -> Deformed:
    at = random.randrange(1, len(data))
    return Deformed(f"cut at byte {at} of {len(data)}", data[:at])


def mutated(data: bytes, random: Random) -> Deformed:
    act = random.choice(MUTATIONS)
    lines = data.splitlines(keepends=True)
    return act(lines, random)


def _filled(lines: list[bytes], random: Random) -> int:
    return random.choice([number for number, line in enumerate(lines) if line.strip()])


def delete_line(lines: list[bytes], random: Random) -> Deformed:
    at = _filled(lines, random)
    return Deformed(f"line {at + 1} deleted", b"".join(lines[:at] + lines[at + 1 :]), texts_of(lines[at]))


def duplicate_line(lines: list[bytes], random: Random) -> Deformed:
    at = _filled(lines, random)
    ended = lines[at] if lines[at].endswith((b"\n", b"\r")) else lines[at] + b"\n"
    return Deformed(f"line {at + 1} doubled", b"".join([*lines[:at], ended, *lines[at:]]))


def swap_lines(lines: list[bytes], random: Random) -> Deformed:
    one, other = sorted((_filled(lines, random), _filled(lines, random)))
    changed = list(lines)
    changed[one], changed[other] = lines[other], lines[one]
    mark = delimiter_of(lines)
    firsts = {lines[one].split(mark)[0], lines[other].split(mark)[0]}
    how = f"lines {one + 1} and {other + 1} swapped"
    return Deformed(how, b"".join(changed), is_plain_swap=len(firsts) == 1)


def shift_line(lines: list[bytes], random: Random) -> Deformed:
    at = _filled(lines, random)
    mark = delimiter_of(lines)
    return Deformed(f"line {at + 1} shifted", b"".join([*lines[:at], mark + lines[at], *lines[at + 1 :]]))


def delete_cell(lines: list[bytes], random: Random) -> Deformed:
    return _in_cells(lines, random, "deleted", lambda cells, at: cells[:at] + cells[at + 1 :], loses=True)


def duplicate_cell(lines: list[bytes], random: Random) -> Deformed:
    return _in_cells(lines, random, "doubled", lambda cells, at: [*cells[:at], cells[at], *cells[at:]])


def shift_cell(lines: list[bytes], random: Random) -> Deformed:
    return _in_cells(lines, random, "shifted", lambda cells, at: [*cells[:at], b"", *cells[at:]])


def swap_cells(lines: list[bytes], random: Random) -> Deformed:
    both: list[bytes] = []

    def swapped(cells: list[bytes], at: int) -> list[bytes]:
        other = (at + 1) % len(cells)
        changed = list(cells)
        changed[at], changed[other] = cells[other], cells[at]
        both.extend((cells[at], cells[other]))
        return changed

    made = _in_cells(lines, random, "swapped with the next", swapped)
    return replace(made, is_plain_swap=len({_kind(cell) for cell in both}) == 1)


def _kind(cell: bytes) -> str:
    bare = cell.strip(b'" ')
    return "number" if bare.replace(b".", b"").replace(b",", b"").isdigit() else "text" if bare else ""


def delete_column(lines: list[bytes], random: Random) -> Deformed:
    return _in_columns(lines, random, "deleted", lambda cells, at: cells[:at] + cells[at + 1 :], loses=True)


def duplicate_column(lines: list[bytes], random: Random) -> Deformed:
    return _in_columns(lines, random, "doubled", lambda cells, at: [*cells[:at], cells[at], *cells[at:]])


def swap_columns(lines: list[bytes], random: Random) -> Deformed:
    def swapped(cells: list[bytes], at: int) -> list[bytes]:
        if at + 1 >= len(cells):
            return cells
        return [*cells[:at], cells[at + 1], cells[at], *cells[at + 2 :]]

    return _in_columns(lines, random, "swapped with the next", swapped)


def shift_column(lines: list[bytes], random: Random) -> Deformed:
    """The cells of a column one row lower, below the widest row's title, the last one lost at the foot."""
    mark = delimiter_of(lines)
    rows = [line.rstrip(b"\r\n").split(mark) for line in lines]
    head = max(range(min(len(rows), 40)), key=lambda number: len(rows[number]))
    at = random.randrange(len(rows[head]))
    held, lost = b"", b""
    for row in rows[head + 1 :]:
        if len(row) > at:
            row[at], held = held, row[at]
            lost = held
    ends = [line[len(line.rstrip(b"\r\n")) :] for line in lines]
    text = b"".join(mark.join(row) + end for row, end in zip(rows, ends, strict=True))
    return Deformed(f"column {at + 1} shifted down below line {head + 1}", text, texts_of(lost))


def other_delimiter(lines: list[bytes], random: Random) -> Deformed:
    old = delimiter_of(lines)
    new = random.choice([mark for mark in DELIMITERS if mark != old])
    return Deformed(f"delimiter {old!r} to {new!r}", b"".join(line.replace(old, new) for line in lines))


def append_itself(lines: list[bytes], random: Random) -> Deformed:
    gap = random.choice([b"", b"\n", b"\n\n"])
    return Deformed("the same document appended", b"".join(lines) + gap + b"".join(lines))


MUTATIONS = (
    delete_line, duplicate_line, swap_lines, shift_line, delete_cell, duplicate_cell, shift_cell, swap_cells,
    delete_column, duplicate_column, swap_columns, shift_column, other_delimiter, append_itself,
)  # fmt: skip


def delimiter_of(lines: list[bytes]) -> bytes:
    text = b"".join(lines)
    return max(DELIMITERS, key=text.count)


def texts_of(line: bytes) -> frozenset[str]:
    text = line.decode("latin-1")
    for mark in ',;\t|^\r\n"':
        text = text.replace(mark, " ")
    return frozenset(text.split())


Change = Callable[[list[bytes], int], list[bytes]]


def _in_cells(lines: list[bytes], random: Random, words: str, change: Change, *, loses: bool = False) -> Deformed:
    mark = delimiter_of(lines)
    wide = [number for number, line in enumerate(lines) if mark in line] or [_filled(lines, random)]
    at = random.choice(wide)
    body = lines[at].rstrip(b"\r\n")
    cells = body.split(mark)
    column = random.randrange(len(cells))
    line = mark.join(change(cells, column)) + lines[at][len(body) :]
    how = f"line {at + 1}, cell {column + 1} {words}"
    return Deformed(
        how, b"".join([*lines[:at], line, *lines[at + 1 :]]), texts_of(cells[column]) if loses else frozenset()
    )


def _in_columns(lines: list[bytes], random: Random, words: str, change: Change, *, loses: bool = False) -> Deformed:
    mark = delimiter_of(lines)
    rows = [(line.rstrip(b"\r\n"), line) for line in lines]
    width = max(body.count(mark) for body, _ in rows) + 1
    column = random.randrange(width)
    changed, gone = [], set[str]()
    for body, line in rows:
        cells = body.split(mark)
        if len(cells) > column and len(cells) > 1:
            gone |= texts_of(cells[column]) if loses else frozenset()
            body = mark.join(change(cells, column))
        changed.append(body + line[len(line.rstrip(b"\r\n")) :])
    return Deformed(f"column {column + 1} {words}", b"".join(changed), frozenset(gone))
