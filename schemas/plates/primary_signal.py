"""The one measurement of a plate of which all others are made: it is the signal where nobody says another."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PRIMARY = frozenset({"median", "fi", "spot counts", "unprocessed data"})
"""The reading of a bead reader: xPONENT reports the median by default, Bio-Plex Manager calls it FI; of a reader of
spots: ImmunoSpot calls its counts so."""
_OF_THE_SAME_BEADS = re.compile(
    r"(net median|net normalized median|background|average mfi|replicate %cv|"
    r"count|net mfi|mean|trimmed mean|peak|result|avg result|avg net mfi|std ?dev|% ?cv|trimmed (std ?dev|% ?cv)( of "
    r"microspheres)?|normalized net mfi|median normal|range|units|per bead count|%? ?recovery|dilution factor|"
    r"test result|analysis types?|audit logs?|fi - bkgd|bkgd|(obs|exp) conc|bead count|sampling errors|"
    r"mean spot sizes.*|well areas covered by spots.*|total intensity of .*)\Z",
    re.IGNORECASE,
)
"""What they write beside it: statistics of the same beads or spots, and what is computed of them."""
_REPORTER = re.compile(r"RP[0-9]\s+")
"""Beginning of the names of INTELLIFLEX: which of its two reporters was read. A file of both is asked which."""
_COMPUTED = re.compile(
    r"\W*(blank|blank[- ]corrected|corrected|net|conc(entration)?|dose|reduced|average|avg|mean|sd|cv ?%?)\b",
    re.IGNORECASE,
)
"""Beginnings of the names that readers give to what they compute of a reading."""


def primary_measurement(names: Sequence[str]) -> str:
    """Return the measurement of a bead reader of which the others are made.

    Parameters
    ----------
    names : sequence of str
        Measurements of a plate, such as ``Median``, ``Net MFI`` and ``Count``.

    Returns
    -------
    str
        Its name as written; empty where there is none, or one stands beside it that is not known.
    """
    reporters = {match[0] if (match := _REPORTER.match(name)) else "" for name in names}
    reporter = reporters.pop() if len(reporters) == 1 else ""
    primary = [name for name in names if name.removeprefix(reporter).casefold() in _PRIMARY]
    others = [name.removeprefix(reporter) for name in names if name not in primary]
    return primary[0] if len(primary) == 1 and all(map(_OF_THE_SAME_BEADS.match, others)) else ""


def primary_block(names: Sequence[str]) -> str:
    """Return the block of a plate reader of which the others are computed.

    Parameters
    ----------
    names : sequence of str
        Blocks of a plate, such as ``450``, ``Blank 450`` and ``[Concentration]``.

    Returns
    -------
    str
        Its name as written; empty where several are readings of their own, as those at two wavelengths are.
    """
    if primary := primary_measurement(names):
        return primary
    read = [name for name in names if not _COMPUTED.match(name)]
    return read[0] if len(read) == 1 and len(names) > 1 else ""
