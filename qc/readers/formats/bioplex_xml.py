"""XML of Bio-Plex Manager: samples with their wells and readings, the beads of each well, and what kind each well is.

The file says itself what sits in which well, so no plate map is needed; one that is given wins. The reading of a sample
is its FI, from which the software subtracts nothing. What the software calculated from its own curve is left aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from qc.readers.formats.bioplex_beads import Beads, beads_asked, counted_beads, odd_means, odd_medians
from qc.readers.formats.bioplex_members import ROLES, Member, lacking, members, sample_name
from qc.readers.protocol import Claim
from schemas.plates.map_well import MapWell
from schemas.plates.plate import Block, Plate, Reading, format_for, named
from schemas.plates.plate_words import PlateWords
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.run import Run

_ROOTS = ("BioPlexManager", "Samples")
"""The whole export, and the part of it that holds the readings."""


class BioPlexXmlReader:
    """Read XML exports of Bio-Plex Manager."""

    name = "bioplex_xml"
    version = "1"
    is_plate = True
    instrument = "Bio-Plex Manager"

    def claim(self, source: Source) -> Claim | None:
        """Claim XML whose outermost element is that of Bio-Plex Manager, or its samples with their wells."""
        is_ours = source.form == "xml" and source.root.tag in _ROOTS and any(source.root.every("MemberWell"))
        return Claim.SIGNATURE if is_ours else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read the plate; a block for each analyte."""
        reads = members(source)
        by_analyte: dict[str, list[Member]] = {}
        for one in reads:
            by_analyte.setdefault(one.analyte, []).append(one)
        blocks = tuple(
            Block(f"FI {analyte}", {one.well: Reading(one.reading.text, one.reading.line) for one in own},
                  analyte=analyte, region=own[0].region)
            for analyte, own in by_analyte.items()
        )  # fmt: skip
        counts = {(one.analyte, one.well): one for one in reads}
        beads = list(counted_beads(source.root, reads))
        words = PlateWords(
            remarks={key: one.remarks for key, one in counts.items() if one.remarks},
            n_beads={(analyte, well): n_beads for analyte, well, n_beads, _ in beads},
            n_beads_asked=beads_asked(source.root),
            notes=(*lacking(reads), *odd_medians(reads, beads), *odd_means(reads)),
        )
        samples = {one.well: sample_name(one.sample) for one in reads}
        size = format_for(list(samples))
        _tell(source, reads, beads, account)
        return named([Plate("", blocks, *size, samples=samples, words=words)], source.stem)

    def own_map(self, source: Source, account: Account) -> tuple[MapWell, ...]:
        """Read one entry for each well and analyte; a sample is named by its description, else by its label."""
        return tuple(_map_well(one) for one in members(source))

    def own_run(self, source: Source, run: Run, account: Account) -> Run:
        """Fill in serial number and the first time of acquisition."""
        serial = next((one.text for one in source.root.every("SerialNumber") if one.text), "")
        times = [time for one in source.root.every("AcquisitionTime") if (time := _time_of(one.text))]
        started_at = run.started_at or min(times, default=None)
        return replace(run, instrument=run.instrument or serial or self.instrument, started_at=started_at)


def _time_of(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _map_well(one: Member) -> MapWell:
    role, name = ROLES[one.sample.tag], sample_name(one.sample)
    dilution = number_of(one.sample.text_of("Dilution"), ".") or 1.0
    return MapWell(
        well=one.well,
        line=one.reading.line,
        role=role,
        name=name,
        conc=_conc(one) if role == "calibrator" else None,
        # A calibrator's dilution is that of the standard: its expected concentration already stands in the well.
        dilution=1.0 if role == "calibrator" else dilution,
        analyte=one.analyte,
        material=name if role == "control" else "",
    )


def _conc(one: Member) -> float | None:
    """Return the expected concentration of a standard; None where the analyst set none, which the file writes as 0."""
    stated = (entry for entry in one.sample.every("Analyte") if entry.text_of("AnalyteName") == one.analyte)
    return next((number_of(entry.text_of("ExpectedConc"), ".") for entry in stated), None) or None


def _tell(source: Source, reads: Sequence[Member], beads: Sequence[Beads], account: Account) -> None:
    sheet = source.cells[0]
    of_samples = [
        part
        for sample in {id(one.sample): one.sample for one in reads}.values()
        for part in sample.children
        if part.tag in ("Label", "Description", "Dilution")
    ]
    of_beads = [part for *_, bead in beads for part in (bead, *bead.children) if part.tag != "Mean"]
    for part in (*(part for one in reads for part in one.parts), *of_samples, *of_beads):
        if part.columns:
            account.use(sheet, part.line, *part.columns)
    for row in sheet.rows:
        account.leave(sheet, row, reason="settings, curves and statistics of Bio-Plex Manager")


READER = BioPlexXmlReader()
