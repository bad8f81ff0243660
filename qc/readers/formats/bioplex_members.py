"""Members of the samples of a Bio-Plex XML export: one for each analyte in each well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.errors import Fault, ReaderError
from schemas.plates.plate import SIZES, row_letter, well_of
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from qc.readers.text.source import Source
    from schemas.text_tables.xml_elements import XmlElement

ROLES = {"Blank": "blank", "Control": "control", "Standard": "calibrator", "Unknown": "sample"}
"""What a kind of sample is to a run."""
_ERRORS = {
    "1": "low bead number", "2": "aggregated beads", "3": "classify efficiency", "4": "region selection",
    "5": "platform temperature",
}  # fmt: skip
"""Sampling errors by code, as the legend of the workbooks of Bio-Plex Manager explains them."""
_NONE = ("", "None")


@dataclass(frozen=True, slots=True)
class Member:
    """One analyte in one well."""

    sample: XmlElement
    well: str
    analyte: str
    region: str
    reading: XmlElement
    parts: tuple[XmlElement, ...]
    """Elements that say so."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the instrument says against the reading."""
        code, outlier = (self.reading.attributes.get(word, "") for word in ("Code", "OutlierType"))
        found = [_ERRORS.get(code, f"error {code}")] if code not in ("", "0") else []
        found += [f"outlier: {outlier}"] if outlier not in _NONE else []
        is_valid = self.reading.attributes.get("Valid", "true").casefold() == "true"
        return tuple(found) if is_valid or found else ("not valid",)


def members(source: Source) -> list[Member]:
    """Read every analyte of every well.

    Raises
    ------
    ReaderError
        With every fault: no place, no reading, an unknown kind of sample, an analyte twice in a well.
    """
    faults: list[Fault] = []
    samples = source.root if source.root.tag == "Samples" else source.root.child("Samples")
    n_columns = _n_columns(source.root)
    reads = [
        read
        for kind in (samples.children if samples else ())
        for sample in kind.children
        for member in sample.every("MemberWell")
        for read in _of_well(sample, member, n_columns, faults)
    ]
    faults += [*_size_faults(source.root), *_role_faults(reads), *_twice(reads)]
    if not reads and not faults:
        faults.append(Fault("", "No sample has a well with a reading."))
    if faults:
        raise ReaderError(f"'{source.path.name}' is not a whole export of Bio-Plex Manager.", faults)
    return reads


def _n_columns(root: XmlElement) -> int:
    size = root.child("PlateDimensions")
    text = size.attributes.get("Columns", "") if size else ""
    return int(text) if text.isdecimal() else SIZES[96][1]


def _of_well(sample: XmlElement, member: XmlElement, n_columns: int, faults: list[Fault]) -> Iterator[Member]:
    well = place(member)
    number = member.attributes.get("WellNumber", "")
    where = f"line {member.line}"
    if not well:
        faults.append(Fault(where, "RowNo and ColNo name no well of a plate; expected numbers from 1 on."))
        return
    row, column = (int(member.attributes[word]) for word in ("RowNo", "ColNo"))
    if number and number != str((row - 1) * n_columns + column):
        faults.append(Fault(where, f"WellNumber '{number}' is not that of row {row} and column {column}."))
    for analyte in member.every("MWAnalyte"):
        name, reading = analyte.child("AnalyteName"), analyte.child("Reading")
        if name is None or not name.text or reading is None or number_of(reading.text, ".") is None:
            faults.append(Fault(f"line {analyte.line}", f"Well {well} has an analyte without a name or a reading."))
            continue
        region = analyte.attributes.get("RegionNumber", "")
        yield Member(sample, well, name.text, region, reading, (member, analyte, name, reading))


def place(element: XmlElement) -> str:
    """Return the well of ``RowNo`` and ``ColNo``; empty if they name none."""
    row, column = (element.attributes.get(word, "") for word in ("RowNo", "ColNo"))
    is_number = row.isdecimal() and column.isdecimal() and 0 < int(row) <= SIZES[1536][0]
    return well_of(f"{row_letter(int(row) - 1)}{column}") if is_number else ""


def _size_faults(root: XmlElement) -> Iterator[Fault]:
    """Compare the plate that is announced with those that are made."""
    size = root.child("PlateDimensions")
    numbers = [size.attributes.get(word, "") for word in ("Rows", "Columns", "TotalWells")] if size else []
    if size and all(map(str.isdecimal, numbers)) and SIZES.get(int(numbers[2])) != tuple(map(int, numbers[:2])):
        text = f"A plate of {numbers[0]} rows, {numbers[1]} columns and {numbers[2]} wells is not made."
        yield Fault(f"line {size.line}", text)


def _role_faults(reads: Sequence[Member]) -> Iterator[Fault]:
    samples = {id(one.sample): one.sample for one in reads}.values()
    for sample in samples:
        if sample.tag not in ROLES:
            known = ", ".join(ROLES)
            yield Fault(f"line {sample.line}", f"'{sample.tag}' is no kind of sample. Known kinds: {known}.")
        if not sample_name(sample):
            yield Fault(f"line {sample.line}", "The sample has neither a label nor a description.")
        dilution = sample.text_of("Dilution")
        if dilution and not (number_of(dilution, ".") or 0) > 0:
            yield Fault(f"line {sample.line}", f"Dilution '{dilution}' cannot be; expected a number above 0.")


def _twice(reads: Sequence[Member]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], Member] = {}
    regions: dict[str, str] = {}
    for one in reads:
        where = f"line {one.reading.line}"
        first = seen.setdefault((one.well, one.analyte), one)
        if first is not one:
            yield Fault(where, f"Well {one.well} has '{one.analyte}' again, first in line {first.reading.line}.")
        if regions.setdefault(one.analyte, one.region) != one.region:
            yield Fault(where, f"'{one.analyte}' is on bead {one.region} here and on {regions[one.analyte]} elsewhere.")


def lacking(reads: Sequence[Member]) -> Iterator[str]:
    """Name analytes that are read in some wells and not in others."""
    analytes = dict.fromkeys(one.analyte for one in reads)
    wells: dict[str, set[str]] = {}
    for one in reads:
        wells.setdefault(one.well, set()).add(one.analyte)
    for well, own in wells.items():
        rest = [analyte for analyte in analytes if analyte not in own]
        if rest:
            yield f"Well {well} has no reading of {', '.join(rest[:6])}, which other wells have."


def sample_name(sample: XmlElement) -> str:
    """Return what a sample is called: by its description where a person gives one, else by its label."""
    label, description = sample.text_of("Label"), sample.text_of("Description")
    return description or label if sample.tag in ("Unknown", "Control") else label or description
