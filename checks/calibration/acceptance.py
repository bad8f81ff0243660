"""Which standards a curve gives back, and the range of concentrations that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.finding import Limit

_SLACK_PERCENT = 1e-9
"""Rounding that a recovery may show beyond its limit, in percent."""


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
    """Whether its recovery is within its limit; never True for an anchor or a zero standard."""

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
    end_recovery_percent: float
    """The same at LLOQ and ULOQ."""

    @classmethod
    def of(cls, limits: Mapping[str, Limit]) -> Acceptance:
        """Return the limits of the rule ``calibration.standards``.

        Parameters
        ----------
        limits : mapping of str to Limit
            ``recovery_percent`` and ``end_recovery_percent``.

        Returns
        -------
        Acceptance
            The two numbers.
        """
        return cls(limits["recovery_percent"].value, limits["end_recovery_percent"].value)

    def holds(self, calibrator: Calibrator, *, is_end: bool) -> bool:
        """Return whether a level is given back well enough.

        Parameters
        ----------
        calibrator : Calibrator
            The level.
        is_end : bool
            Whether it is the LLOQ or the ULOQ.

        Returns
        -------
        bool
            False for a level without a recovery.
        """
        limit_percent = self.end_recovery_percent if is_end else self.recovery_percent
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
        The lowest level that is within the limit of the ends while its next level is within the inner limit (or is
        the ULOQ itself), and the highest one likewise: a level that is given back alone, beyond a failed one, does
        not carry the range. None if there are no two such levels.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    judged = [index for index, calibrator in enumerate(calibrators) if calibrator.is_judged]
    neighbours = list(pairwise(judged))
    lower = [low for low, high in neighbours if _carries(calibrators[low], calibrators[high], acceptance)]
    upper = [high for low, high in neighbours if _carries(calibrators[high], calibrators[low], acceptance)]
    if not lower or not upper or lower[0] >= upper[-1]:
        return None
    return lower[0], upper[-1]


def _carries(end: Calibrator, next_inside: Calibrator, acceptance: Acceptance) -> bool:
    return acceptance.holds(end, is_end=True) and acceptance.holds(next_inside, is_end=False)
