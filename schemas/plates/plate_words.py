"""What an export says of the wells of a plate besides their signals: counts, remarks, and what sits in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

WellKey = tuple[str, str]
"""Analyte as the file writes it, empty for all of them, and well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWell:
    """What an export says sits in a well; never taken for the plate map, only compared with it."""

    well: str
    """Well such as ``A1``."""
    line: int
    """Line of the file, or row of its sheet."""
    analyte: str = ""
    """Analyte as the file writes it; empty for all of them."""
    name: str = ""
    """Sample, calibrator or control; empty if nothing is said."""
    role: str = ""
    """``calibrator``, ``control``, ``sample`` or ``blank``; empty if nothing is said."""
    conc: float | None = None
    """Nominal concentration, as written; None if nothing is said."""
    dilution: float | None = None
    """Dilution factor; None if nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateWords:
    """What stands beside the signals of a plate."""

    remarks: Mapping[WellKey, tuple[str, ...]] = field(default_factory=dict)
    """What the instrument says of a well, in its own words."""
    n_beads: Mapping[WellKey, int] = field(default_factory=dict)
    """Beads that were counted."""
    n_beads_asked: Mapping[str, int] = field(default_factory=dict)
    """Beads that the file asks for, by analyte; empty for all of them."""
    notes: tuple[str, ...] = ()
    """What the instrument says of the plate as a whole, in its own words."""
    export_wells: tuple[ExportWell, ...] = ()
    """What the export says sits in its wells."""
    reagent_lot: str = ""
    """Lot of the kit; empty if nothing is said, or several are named."""
    reagent_expires_on: datetime | None = None
    """Last day on which kit and reagents may be used; None if nothing is said."""

    def remark_of(self, analyte: str, well: str) -> str:
        """Return what the instrument says of one analyte in one well.

        Parameters
        ----------
        analyte : str
            Analyte, as the file writes it.
        well : str
            Name of the well: ``A1``.
        """
        both = (*self.remarks.get(("", well), ()), *self.remarks.get((analyte, well), ()))
        return "; ".join(dict.fromkeys(both))

    def n_beads_of(self, analyte: str, well: str) -> int | None:
        """Return how many beads were counted.

        Parameters
        ----------
        analyte : str
            Analyte, as the file writes it.
        well : str
            Name of the well: ``A1``.
        """
        return self.n_beads.get((analyte, well), self.n_beads.get(("", well)))

    def n_beads_asked_of(self, analyte: str) -> int | None:
        """Return how many beads the file asks for.

        Parameters
        ----------
        analyte : str
            Analyte, as the file writes it.
        """
        return self.n_beads_asked.get(analyte, self.n_beads_asked.get(""))

    def renamed(self, names: Mapping[str, str]) -> PlateWords:
        """Call the analytes by other names, and leave out those that have none.

        Parameters
        ----------
        names : mapping of str to str
            Name by what the file writes, in small letters.
        """
        known = {"": "", **names}
        return replace(
            self,
            remarks={(known[a.casefold()], w): said for (a, w), said in self.remarks.items() if a.casefold() in known},
            n_beads={(known[a.casefold()], w): n for (a, w), n in self.n_beads.items() if a.casefold() in known},
            n_beads_asked={known[a.casefold()]: n for a, n in self.n_beads_asked.items() if a.casefold() in known},
            export_wells=tuple(
                replace(one, analyte=known[one.analyte.casefold()])
                for one in self.export_wells
                if one.analyte.casefold() in known
            ),
        )
