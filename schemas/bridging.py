"""Bridging records: which platforms, methods or calibrator lots were shown to give the same numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

KINDS = ("calibrator_lot", "platform", "method")
"""What a record may bridge."""


@dataclass(frozen=True, slots=True, order=True)
class Bridging:
    """One record of a comparison that a laboratory made and accepted."""

    kind: str
    """``calibrator_lot``, ``platform`` or ``method``."""
    first: str
    """Name of the one."""
    second: str
    """Name of the other; the order plays no part."""
    analyte: str = ""
    """Analyte id; empty means every analyte."""
    matrix: str = ""
    """Matrix id; empty means every matrix."""

    def holds_for(self, kind: str, analyte: str, matrix: str) -> bool:
        """Tell whether the record speaks of an analyte in a matrix.

        Parameters
        ----------
        kind : str
            What is bridged.
        analyte, matrix : str
            Ids.

        Returns
        -------
        bool
            True if it does.
        """
        return self.kind == kind and self.analyte in ("", analyte) and self.matrix in ("", matrix)


def bridged_name(records: Iterable[Bridging], kind: str, name: str, analyte: str, matrix: str) -> str:
    """Return one name for all platforms, methods or lots that are bridged to this one.

    Parameters
    ----------
    records : iterable of Bridging
        Records of the lab.
    kind : str
        What is asked for.
    name : str
        Platform, method or lot, as written.
    analyte, matrix : str
        Ids.

    Returns
    -------
    str
        First name, in the order of the alphabet, of all that are tied to it directly or through others; in lower case,
        since capitals tell no platform, method or lot from another.

    Examples
    --------
    >>> records = [Bridging("calibrator_lot", "L1", "L2"), Bridging("calibrator_lot", "L3", "L2")]
    >>> bridged_name(records, "calibrator_lot", "L3", "nfl", "csf")
    'l1'
    """
    fitting_records = [record for record in records if record.holds_for(kind, analyte, matrix)]
    ties = [(_plain(record.first), _plain(record.second)) for record in fitting_records]
    known, grown = {_plain(name)}, True
    while grown:
        more = {other for tie in ties for other in tie if set(tie) & known}
        grown = not more <= known
        known |= more
    return min(known)


def _plain(name: str) -> str:
    return name.strip().casefold()
