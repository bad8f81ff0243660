"""Beads that a Bio-Plex XML export counts, and what its medians and means say against its readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isclose
from typing import TYPE_CHECKING

from qc.readers.formats.bioplex_members import Member, place
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from schemas.text_tables.xml_elements import XmlElement

_SAME = 1e-6  # relative; the file writes 18 digits
_PARTS = ("AnalyteName", "RawMean", "ExpectedConc")
Beads = tuple[str, str, int, "XmlElement"]
"""Analyte, well, beads counted, and the element of the bead."""


def counted_beads(root: XmlElement, reads: Sequence[Member]) -> Iterator[Beads]:
    """Yield how many beads of each analyte were counted in each well."""
    analytes = {one.region: one.analyte for one in reads}
    for well in root.every("Well"):
        for bead in well.every("BeadRegion"):
            count, region = bead.text_of("RegionCount"), bead.attributes.get("RegionNumber", "")
            if region in analytes and count.isdecimal() and place(well):
                yield analytes[region], place(well), int(count), bead


def beads_asked(root: XmlElement) -> Mapping[str, int]:
    """Return how many beads the file asks for, where it asks the same of every well."""
    asked = {one.attributes.get("BeadCount", "") for one in root.every("StopReadingCriteria")}
    count = asked.pop() if len(asked) == 1 else ""
    return {"": int(count)} if count.isdecimal() else {}


def odd_medians(reads: Sequence[Member], beads: Sequence[Beads]) -> Iterator[str]:
    """Name readings that are not the median of the beads of their well."""
    readings = {(one.analyte, one.well): one for one in reads}
    for analyte, well, _, bead in beads:
        one, median = readings.get((analyte, well)), number_of(bead.text_of("Median"), ".")
        value = number_of(one.reading.text, ".") if one else None
        if one and median is not None and value is not None and not isclose(value, median, rel_tol=_SAME):
            where = f"line {one.reading.line}"
            yield f"{where}: The reading of {analyte} in well {well} is {value:g}, the median of its beads {median:g}."


def odd_means(reads: Sequence[Member]) -> Iterator[str]:
    """Compare the mean that the file states for each sample with the readings of its wells."""
    yield from _lost_parts(reads)
    own: dict[tuple[int, str], list[Member]] = {}
    for one in reads:
        own.setdefault((id(one.sample), one.analyte), []).append(one)
    for (_, analyte), group in own.items():
        values = [number_of(one.reading.text, ".") or 0.0 for one in group if not one.remarks]
        for entry in group[0].sample.every("Analyte"):
            stated = number_of(entry.text_of("RawMean"), ".")
            is_whole = entry.text_of("AnalyteName") == analyte and entry.text_of("ReplicateCount") == str(len(values))
            if is_whole and stated is not None and not isclose(stated, sum(values) / len(values), rel_tol=_SAME):
                where, mean = f"line {entry.line}", sum(values) / len(values)
                name = group[0].sample.text_of("Label")
                yield f"{where}: The mean of {analyte} in '{name}' is stated as {stated:g}, its wells have {mean:g}."


def _lost_parts(reads: Sequence[Member]) -> Iterator[str]:
    """Name analytes of a sample that lack a name, mean or expected concentration which others of it state."""
    for sample in {id(one.sample): one.sample for one in reads}.values():
        entries = list(sample.every("Analyte"))
        for tag in _PARTS:
            lacking = [entry for entry in entries if not entry.text_of(tag)]
            if len(lacking) < len(entries):
                for entry in lacking:
                    yield f"line {entry.line}: '{tag}' is not stated here, and that of others is: is a line lost?"
