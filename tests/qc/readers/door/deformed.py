"""Files cut at a place or changed by one slip of a hand, each told by what was done to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

DELIMITERS = (b",", b";", b"\t", b"|")
NUMBER = "number"
FOR_A_NUMBER = frozenset({"OVRFLW", "MISSED", "Undetermined", "Error", "Range?", "Masked"})
OTHER_FORM = 0.5
OTHER_DIGITS = bytes.maketrans(b"3456", b"4365")
"""Changes numbers and leaves the wells of a plate, its columns and most settings what they are."""
OTHER_DOCUMENT = b"sample,analyte,matrix,value,unit\nZ1,zinc,serum,11.25,umol/L\nZ2,zinc,serum,12.75,umol/L\n"


@dataclass(frozen=True)
class Deformed:
    how: str
    data: bytes
    gone: frozenset[str] = frozenset()
    """Texts that the file itself no longer holds, or holds otherwise, by what was done to it."""
    is_plain_swap: bool = False
    """Whether two cells of one shape changed places, or two lines that differ in numbers only.

    Nothing on these lines shows it; a statement elsewhere in the file may (``statements``).
    """
    kind: str = "cut"
    """Name of what was done."""


def cut(data: bytes, random: Random) -> Deformed:
    at = random.randrange(1, len(data))
    # What stood on the lines below is gone; what stood on the line of the cut is not, and the reader is to see to it.
    below = b"".join(data[at - 1 :].splitlines(keepends=True)[1:])
    return Deformed(f"cut at byte {at} of {len(data)}", data[:at], texts_of(below))


def mutated(data: bytes, random: Random) -> Deformed:
    act = random.choice(MUTATIONS)
    lines = data.splitlines(keepends=True)
    return replace(act(lines, random), kind=act.__name__)


def _filled(lines: list[bytes], random: Random) -> int:
    return random.choice([number for number, line in enumerate(lines) if line.strip()])


def delete_line(lines: list[bytes], random: Random) -> Deformed:
    at = _filled(lines, random)
    return Deformed(f"line {at + 1} deleted", b"".join(lines[:at] + lines[at + 1 :]), texts_of(lines[at]))


def duplicate_line(lines: list[bytes], random: Random) -> Deformed:
    at = _filled(lines, random)
    ended = lines[at] if lines[at].endswith((b"\n", b"\r")) else lines[at] + b"\n"
    return Deformed(f"line {at + 1} doubled", b"".join([*lines[:at], ended, *lines[at:]]))


def duplicate_line_elsewhere(lines: list[bytes], random: Random) -> Deformed:
    at, to = _filled(lines, random), _filled(lines, random)
    ended = lines[at] if lines[at].endswith((b"\n", b"\r")) else lines[at] + b"\n"
    return Deformed(f"line {at + 1} once more above line {to + 1}", b"".join([*lines[:to], ended, *lines[to:]]))


def swap_lines(lines: list[bytes], random: Random) -> Deformed:
    one, other = sorted((_filled(lines, random), _filled(lines, random)))
    changed = list(lines)
    changed[one], changed[other] = lines[other], lines[one]
    mark = delimiter_of(lines)
    # Blank cells behind the last one, which programs write behind the rows of some plates, are no words.
    words = {tuple(c for c in cells_of(lines[at], mark) if c.strip() and shape(c) != NUMBER) for at in (one, other)}
    how = f"lines {one + 1} and {other + 1} swapped"
    return Deformed(how, b"".join(changed), is_plain_swap=len(words) == 1)


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
    return replace(made, is_plain_swap=len({shape(cell) for cell in both}) == 1)


def swap_with_the_cell_below(lines: list[bytes], random: Random) -> Deformed:
    mark = delimiter_of(lines)
    rows = [cells_of(line.rstrip(b"\r\n"), mark) for line in lines]
    tall = [at for at in range(len(rows) - 1) if len(rows[at]) > 1 and len(rows[at + 1]) > 1]
    if not tall:
        return delete_line(lines, random)
    at = random.choice(tall)
    column = random.randrange(min(len(rows[at]), len(rows[at + 1])))
    one, other = rows[at][column], rows[at + 1][column]
    rows[at][column], rows[at + 1][column] = other, one
    ends = [line[len(line.rstrip(b"\r\n")) :] for line in lines]
    text = b"".join(mark.join(row) + end for row, end in zip(rows, ends, strict=True))
    how = f"line {at + 1}, cell {column + 1} swapped with the one below"
    elsewhere = {row[column] for n, row in enumerate(rows) if n not in (at, at + 1) and len(row) > column}
    is_plain = shape(one) == shape(other) or {one, other} <= elsewhere
    return Deformed(how, text, is_plain_swap=is_plain)


def cells_of(body: bytes, mark: bytes) -> list[bytes]:
    """Cut a line at its delimiters, but for those within quotes."""
    cells = [b""]
    for part in re.split(rb"(\"[^\"]*\")", body):
        first, *rest = [part] if part.startswith(b'"') else part.split(mark)
        cells[-1] += first
        cells += rest
    return cells


def shape(cell: bytes) -> str:
    """``number``, or the text with every run of letters as one and every run of digits as one.

    A reader of plates writes a word or a bound in place of a number it has none of: where two such readings change
    places, both are as good in either place, and nothing in the file can tell.
    """
    bare = cell.decode("latin-1").replace("\0", "").strip('" \r\n').lstrip("<>").strip().removeprefix("-")
    if bare in FOR_A_NUMBER or bare.replace(".", "", 1).replace(",", "").isdigit():
        return NUMBER
    return re.sub(r"[0-9]+", "0", re.sub(r"[^\W\d_]+", "a", bare))


def delete_column(lines: list[bytes], random: Random) -> Deformed:
    return _in_columns(lines, random, "deleted", lambda cells, at: cells[:at] + cells[at + 1 :], loses=True)


def duplicate_column(lines: list[bytes], random: Random) -> Deformed:
    return _in_columns(lines, random, "doubled", lambda cells, at: [*cells[:at], cells[at], *cells[at:]])


def swap_columns(lines: list[bytes], random: Random) -> Deformed:
    def swapped(cells: list[bytes], at: int, both: list[tuple[bytes, bytes]]) -> list[bytes]:
        if at + 1 >= len(cells):
            return cells
        both.append((cells[at], cells[at + 1]))
        return [*cells[:at], cells[at + 1], cells[at], *cells[at + 2 :]]

    both: list[tuple[bytes, bytes]] = []
    made = _in_columns(lines, random, "swapped with the next", lambda cells, at: swapped(cells, at, both))
    # Columns without titles of their own, which hold cells of the same shapes: a file of records, or a grid.
    return replace(made, is_plain_swap=all(shape(one) == shape(other) for one, other in both))


def shift_column(lines: list[bytes], random: Random) -> Deformed:
    """The cells of a column one row lower, below the widest row's title, the last one lost at the foot."""
    mark = delimiter_of(lines)
    rows = [cells_of(line.rstrip(b"\r\n"), mark) for line in lines]
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


def append_another(lines: list[bytes], random: Random) -> Deformed:
    """Append another document of the same form, its numbers drawn anew, or one of another form."""
    gap = random.choice([b"", b"\n", b"\n\n"])
    is_other_form = random.random() < OTHER_FORM
    other = OTHER_DOCUMENT if is_other_form else b"".join(lines).translate(OTHER_DIGITS)
    how = "a document of another form appended" if is_other_form else "another document appended"
    return Deformed(how, b"".join(lines) + gap + other)


MUTATIONS = (
    delete_line, duplicate_line, duplicate_line_elsewhere, swap_lines, shift_line, delete_cell, duplicate_cell,
    shift_cell, swap_cells, swap_with_the_cell_below, delete_column, duplicate_column, swap_columns, shift_column,
    other_delimiter, append_itself, append_another,
)  # fmt: skip


def delimiter_of(lines: list[bytes]) -> bytes:
    text = b"".join(lines)
    return max(DELIMITERS, key=text.count)


def texts_of(line: bytes) -> frozenset[str]:
    """The words of a line, cut at every delimiter, and cut at all but the comma, which may be a decimal mark."""
    text = line.decode("latin-1").replace("\0", "")  # UTF-16
    for mark in ';\t|^\r\n"<>':
        text = text.replace(mark, " ")
    return frozenset([*text.split(), *text.replace(",", " ").split()])


Change = Callable[[list[bytes], int], list[bytes]]


def _in_cells(lines: list[bytes], random: Random, words: str, change: Change, *, loses: bool = False) -> Deformed:
    mark = delimiter_of(lines)
    wide = [number for number, line in enumerate(lines) if mark in line] or [_filled(lines, random)]
    at = random.choice(wide)
    body = lines[at].rstrip(b"\r\n")
    cells = cells_of(body, mark)
    column = random.randrange(len(cells))
    line = mark.join(change(cells, column)) + lines[at][len(body) :]
    how = f"line {at + 1}, cell {column + 1} {words}"
    return Deformed(
        how, b"".join([*lines[:at], line, *lines[at + 1 :]]), texts_of(cells[column]) if loses else frozenset()
    )


def _in_columns(lines: list[bytes], random: Random, words: str, change: Change, *, loses: bool = False) -> Deformed:
    mark = delimiter_of(lines)
    rows = [(line.rstrip(b"\r\n"), line) for line in lines]
    width = max(len(cells_of(body, mark)) for body, _ in rows)
    column = random.randrange(width)
    changed, gone = [], set[str]()
    for body, line in rows:
        cells = cells_of(body, mark)
        if len(cells) > column and len(cells) > 1:
            gone |= texts_of(cells[column]) if loses else frozenset()
            body = mark.join(change(cells, column))
        changed.append(body + line[len(line.rstrip(b"\r\n")) :])
    return Deformed(f"column {column + 1} {words}", b"".join(changed), frozenset(gone))
