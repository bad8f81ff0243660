"""Limit of quantitation of one lot: by CV, or by total error where samples have targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.arithmetic.detection.quantitation_limit import SampleError, quantitation_limit, total_error_percent
from checks.arithmetic.refusal import Refusal

if TYPE_CHECKING:
    from checks.trials.detection_samples import Samples


def quantity_limit(
    samples: Samples, cv_goal_percent: float, error_goal_percent: float | None, error_model: str
) -> float | Refusal:
    """Give the lowest concentration that meets the goal together with all above it.

    Parameters
    ----------
    samples : Samples
        Results of one lot.
    cv_goal_percent : float
        Largest CV, in percent.
    error_goal_percent : float or None
        Largest total error, in percent; None where the CV is the goal.
    error_model : str
        ``westgard`` or ``rms``.

    Returns
    -------
    float or Refusal
        Mean of a sample, or its target where the goal is a total error.
    """
    if error_goal_percent is None:
        return quantitation_limit(list(_scatters(samples)), cv_goal_percent)
    if not samples.targets:
        return Refusal("A total error needs the column 'target', the known concentration of each low sample.")
    return quantitation_limit(list(_errors(samples, error_model)), error_goal_percent)


def _scatters(samples: Samples) -> Iterator[SampleError]:
    for name, values in zip(samples.lows, samples.low_arrays(), strict=True):
        mean = float(values.mean())
        if values.size > 1 and mean > 0:
            yield SampleError(name, mean, 100 * float(values.std(ddof=1)) / mean)


def _errors(samples: Samples, model: str) -> Iterator[SampleError]:
    for name, values in zip(samples.lows, samples.low_arrays(), strict=True):
        target = samples.targets.get(name)
        if values.size > 1 and target:
            bias, sd = float(values.mean()) - target, float(values.std(ddof=1))
            yield SampleError(name, target, total_error_percent(bias, sd, target, model))
