"""Hit rates of low samples by their known concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.arithmetic.detection.hit_rate import hit_rate_limit
from checks.arithmetic.refusal import Refusal

if TYPE_CHECKING:
    from checks.arithmetic.detection.hit_rate import HitRateLimit
    from checks.trials.detection_samples import Samples


def hit_limit(samples: Samples, blank_limit: float | None) -> HitRateLimit | Refusal:
    """Give the concentration of 95 % positive results.

    Parameters
    ----------
    samples : Samples
        Results of one lot. A result is positive as the column ``detected`` says, or if it lies above the limit of
        blank where there is no such column.
    blank_limit : float or None
        Limit of blank, in the unit of the results.

    Returns
    -------
    HitRateLimit or Refusal
        Limit by probit; a refusal where no target is known.
    """
    import numpy as np

    hits = samples.hits or _above(samples, blank_limit)
    known = [name for name in hits if name in samples.targets]
    if not known:
        return Refusal("Hit rates need the column 'target', the known concentration of each low sample.")
    by_target: dict[float, list[bool]] = {}
    for name in known:
        by_target.setdefault(samples.targets[name], []).extend(hits[name])
    targets = np.array(list(by_target))
    counts = np.array([sum(own) for own in by_target.values()], float)
    return hit_rate_limit(targets, counts, np.array([len(own) for own in by_target.values()], float))


def _above(samples: Samples, blank_limit: float | None) -> dict[str, list[bool]]:
    if blank_limit is None:
        return {}
    return {name: [value > blank_limit for value in values] for name, values in samples.lows.items()}
