"""What the groups of a SoftMax Pro export say against the plate and themselves: values, summaries, names and wells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING

from qc.readers.formats.softmax_groups import columns_of, group_table
from qc.readers.text.doubts import Bearing, is_borne_out, is_trusted
from qc.readers.text.running_names import exchanged_pair
from qc.readers.text.summaries import Group, contradicted_summaries, groups_of_lists, statistic_of, step_of
from schemas.file_remark import FileRemark, RemarkKind
from schemas.plates.plate import Plate, place_of, well_of
from schemas.text_tables.numerals import decimal_mark, number_of
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.formats.softmax_sections import Section

_LEAST_ALIKE = 4
"""Samples whose wells lie alike, beside which others are told."""
_PRINTED = 1e-6


def group_remarks(
    sheet: Sheet, sections: Sequence[Section], plates: Sequence[Plate], account: Account
) -> list[FileRemark]:
    """Name the rows of groups whose values are not those of the plate, and summaries that are not those of values.

    What is less than sure is flagged in the account.

    Which column repeats the readings is told by its numbers: one that nearly all wells bear out. With several plates
    only the rows that name theirs are compared.
    """
    remarks: list[FileRemark] = []
    for section in [one for one in sections if one.kind == "group"]:
        header, rows = group_table(section)
        if header is None:
            continue
        at, mark = columns_of(header), decimal_mark(cell for row in rows for cell in row.cells if cell[:1].isdigit())
        remarks += _moved_names(sheet, header, rows, at["name"])
        whole = _groups(rows, at["name"])
        remarks += _moved_wells(sheet, header, whole, at["wells"])
        doubts = contradicted_summaries(header, whole, names=(at["name"], at["wells"]), mark=mark)
        remarks += [doubt.remark(sheet, header) for doubt in doubts if doubt.is_sure]
        for doubt in [one for one in doubts if not one.is_sure]:
            account.flag(sheet, doubt.row, doubt.column, word=doubt.text)
        for column in range(header.width):
            told = [(row, same) for row in rows if (same := _is_copied(row, column, at, plates, mark)) is not None]
            is_own = column not in at.values() and not statistic_of(header.cell(column))
            bearings = [Bearing.KEPT if same else Bearing.BROKEN for _, same in told]
            unlike = [row for row, same in told if not same] if is_own else []
            if is_trusted(bearings):
                remarks += [_not_copied(sheet, header, row, column) for row in unlike]
            elif unlike and is_borne_out(bearings):
                word = f"{len(unlike)} of {len(told)} wells of the group have another reading in the plate"
                account.flag(sheet, unlike[0], column, word=word)
    return remarks


def _moved_names(sheet: Sheet, header: Row, rows: Sequence[Row], name: int) -> Iterator[FileRemark]:
    """Name two samples of a group that counts up which changed places."""
    named = [row for row in rows if name >= 0 and row.cell(name).strip()]
    if pair := exchanged_pair([row.cell(name) for row in named]):
        rows_ = [named[at] for at in pair]
        text = (
            f"'{rows_[0].cell(name)}' and '{rows_[1].cell(name)}' stand in each other's place in a group that counts up"
        )
        where = sheet.where(rows_[0], name, header.cell(name))
        yield FileRemark(RemarkKind.INSTRUMENT, where, f"{text}: are lines or cells swapped?")


def _moved_wells(sheet: Sheet, header: Row, groups: Sequence[Group], at: int) -> Iterator[FileRemark]:
    """Name two samples that would lie like all others if they exchanged a well, and one that has another's well too."""
    places = [[place_of(well) for row in one.rows if (well := well_of(row.cell(at)))] for one in groups]
    shapes = [_shape(own) for own in places]
    (usual, n), *_ = [*Counter(shapes).most_common(1), ((), 0)]
    if n < _LEAST_ALIKE or len(usual) < 2:
        return
    odd = [index for index, shape in enumerate(shapes) if shape != usual]
    exchanged = [pair for pair in combinations(odd, 2) if _would_lie_alike(places[pair[0]], places[pair[1]], usual)]
    longer = [(index,) for index in odd if shapes[index][: len(usual)] == usual and shapes.count(shapes[index]) == 1]
    for indices in exchanged + longer:
        text = "The wells of this sample lie otherwise to each other than those of the others: is a line lost or moved?"
        yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(groups[indices[0]].rows[0], at, header.cell(at)), text)


def _shape(wells: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple((row - wells[0][0], column - wells[0][1]) for row, column in wells)


def _would_lie_alike(
    one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]], usual: tuple[tuple[int, int], ...]
) -> bool:
    """Tell whether two samples would have the usual shape if they exchanged one well."""
    return len(one) == len(other) == len(usual) and any(
        _shape([*one[:at], other[to], *one[at + 1 :]]) == _shape([*other[:to], one[at], *other[to + 1 :]]) == usual
        for at, to in product(range(len(usual)), repeat=2)
    )


def _groups(rows: Sequence[Row], name: int) -> list[Group]:
    """Put the rows of one sample together, which names itself in its first row."""
    groups: list[list[Row]] = []
    for row in rows:
        if row.cell(name) or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups_of_lists(groups)


def _is_copied(row: Row, column: int, at: Mapping[str, int], plates: Sequence[Plate], mark: str) -> bool | None:
    """Tell whether a cell repeats the reading of its well in some block; None where there is nothing to compare."""
    stated, name, wells = (
        number_of(row.cell(column), mark),
        row.cell(at["plate"]) if at["plate"] >= 0 else "",
        row.cell(at["wells"]),
    )
    own = [plate for plate in plates if plate.name == name] or (list(plates) if len(plates) == 1 else [])
    well = well_of(wells)
    texts = [block.readings[well].text for plate in own for block in plate.blocks if well in block.readings]
    numbers = [number for text in texts if (number := number_of(text, mark)) is not None]
    if stated is None or not numbers:
        return None
    step = step_of(row.cell(column), mark)
    return any(abs(number - stated) <= 0.51 * step + _PRINTED * abs(number) for number in numbers)


def _not_copied(sheet: Sheet, header: Row, row: Row, column: int) -> FileRemark:
    title = header.cell(column)
    text = f"The group says '{row.cell(column)}' of this well, the plate says something else; in most rows they agree."
    where = sheet.where(row, column, title)
    return FileRemark(RemarkKind.INSTRUMENT, where, f"{text} A cell is out of place or was changed: export it again.")
