"""Which standards a curve gives back, and the range of concentrations that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from schemas.finding import Limit

_SLACK_PERCENT = 1e-9
"""Rounding that a recovery may show beyond its limit, in percent."""


class Place(Enum):
    """Where a level sits in the range of its curve."""

    INSIDE = "inside"
    LLOQ = "lloq"
    ULOQ = "uloq"


@dataclass(frozen=True, slots=True)
class Calibrator:
    """One level of a standard curve: all its wells together."""

    conc: float
    """Nominal concentration, in the unit of the run; 0 for a zero standard."""
    signal: float
    """Mean signal of the wells that count."""
    signal_sd: float | None
    """Standard deviation of the signals; None for a single well."""
    n_wells: int
    """Wells that count."""
    back_calculated: float | None
    """Concentration at the mean signal; None beyond an asymptote."""
    recovery_percent: float | None
    """``back_calculated`` in percent of ``conc``; None where either is missing or 0."""
    is_anchor: bool = False
    """Whether it only shapes the curve and must not be judged."""
    is_accepted: bool = False
    """Whether its recovery is within its limit; never True for an anchor, a zero or a rejected standard."""
    is_rejected: bool = False
    """Whether the curve was fitted again without it; it counts as one that is not given back."""

    @property
    def is_judged(self) -> bool:
        """Whether the level counts among those that must pass.

        Returns
        -------
        bool
            False for anchors and zero standards.
        """
        return self.conc > 0 and not self.is_anchor


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Limits that standards are held to."""

    recovery_percent: float
    """Largest deviation of a recovery from 100, in percent, between LLOQ and ULOQ."""
    lloq_recovery_percent: float
    """The same at the LLOQ."""
    uloq_recovery_percent: float
    """The same at the ULOQ."""

    @classmethod
    def of(cls, limits: Mapping[str, Limit]) -> Acceptance:
        """Return the limits of the rule ``calibration.standards``.

        Parameters
        ----------
        limits : mapping of str to Limit
            ``recovery_percent``, ``lloq_recovery_percent`` and ``uloq_recovery_percent``.

        Returns
        -------
        Acceptance
            The three numbers.
        """
        return cls(*(limits[f"{place}recovery_percent"].value for place in ("", "lloq_", "uloq_")))

    def holds(self, calibrator: Calibrator, at: Place) -> bool:
        """Return whether a level is given back well enough.

        Parameters
        ----------
        calibrator : Calibrator
            The level.
        at : Place
            Where it sits.

        Returns
        -------
        bool
            False for a level without a recovery.
        """
        limit_percent = {
            Place.INSIDE: self.recovery_percent,
            Place.LLOQ: self.lloq_recovery_percent,
            Place.ULOQ: self.uloq_recovery_percent,
        }[at]
        recovery_percent = calibrator.recovery_percent
        return recovery_percent is not None and abs(recovery_percent - 100) <= limit_percent + _SLACK_PERCENT


def accepted_ends(calibrators: Sequence[Calibrator], acceptance: Acceptance) -> tuple[int, int] | None:
    """Return the positions of the LLOQ and the ULOQ among the levels.

    Parameters
    ----------
    calibrators : sequence of Calibrator
        Levels by rising concentration; anchors and zero standards are skipped.
    acceptance : Acceptance
        Limits.

    Returns
    -------
    tuple of int or None
        The lowest level that is within the limit of its end while its next level is within the inner limit (or is
        the ULOQ itself), and the highest one likewise: a level that is given back alone, beyond a failed one, does
        not carry the range. None if there are no two such levels.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    judged = [index for index, level in enumerate(calibrators) if level.is_judged and not level.is_rejected]
    neighbours = list(pairwise(judged))
    lower = [low for low, high in neighbours if _carries(calibrators[low], Place.LLOQ, calibrators[high], acceptance)]
    upper = [high for low, high in neighbours if _carries(calibrators[high], Place.ULOQ, calibrators[low], acceptance)]
    if not lower or not upper or lower[0] >= upper[-1]:
        return None
    return lower[0], upper[-1]


def level_to_reject(calibrators: Sequence[Calibrator], acceptance: Acceptance) -> int | None:
    """Return the position of the level without which the curve may be fitted again.

    Parameters
    ----------
    calibrators : sequence of Calibrator
        Levels by rising concentration, given back by the first fit.
    acceptance : Acceptance
        Limits.

    Returns
    -------
    int or None
        The level that is furthest from its nominal concentration among those that fail strictly between the lowest
        and the highest level that pass as LLOQ and ULOQ; a level without a recovery is the furthest. None if there is
        none: a failed end is not rejected, the range ends before it.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    judged = [index for index, level in enumerate(calibrators) if level.is_judged]
    low = next((index for index in judged if acceptance.holds(calibrators[index], Place.LLOQ)), None)
    high = next((index for index in reversed(judged) if acceptance.holds(calibrators[index], Place.ULOQ)), None)
    if low is None or high is None:
        return None
    inside = [index for index in judged if low < index < high]
    failed = [index for index in inside if not acceptance.holds(calibrators[index], Place.INSIDE)]
    return max(failed, key=lambda index: _deviation_percent(calibrators[index]), default=None)


def _deviation_percent(level: Calibrator) -> float:
    return float("inf") if level.recovery_percent is None else abs(level.recovery_percent - 100)


def _carries(end: Calibrator, at: Place, next_inside: Calibrator, acceptance: Acceptance) -> bool:
    return acceptance.holds(end, at) and acceptance.holds(next_inside, Place.INSIDE)
