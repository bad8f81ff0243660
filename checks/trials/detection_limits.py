"""Limits of one lot of a detection experiment, by the methods that were asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.arithmetic.detection.blank_limit import blank_limit_by_mean, blank_limit_by_rank
from checks.arithmetic.detection.detection_limit import detection_limit, detection_limit_by_profile
from checks.arithmetic.detection.low_scatter import LowScatter, low_scatter
from checks.arithmetic.detection.precision_profile import PrecisionProfile, precision_profile
from checks.arithmetic.refusal import Refusal
from checks.trials.detection_hits import hit_limit
from checks.trials.detection_quantity import quantity_limit
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from checks.arithmetic.detection.hit_rate import HitRateLimit
    from checks.trials.detection_samples import Samples

SIGNIFICANT = 0.05
"""p below which blanks are told as not normal, and low samples as of unequal scatter."""
_MOST_NORMAL = 5000  # results up to which Shapiro and Wilk's p is known


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionSettings:
    """What is asked of an experiment."""

    blank_method: str = "nonparametric"
    """``nonparametric`` (by ranks) or ``parametric``."""
    detection_method: str = "classical"
    """``classical``, ``profile`` or ``probit``."""
    profile_shape: str = "linear"
    """``linear`` or ``quadratic``."""
    cv_goal_percent: float | None = 20.0
    """Largest CV at the limit of quantitation; None where a total error is the goal."""
    error_goal_percent: float | None = None
    """Largest total error there."""
    error_model: str = "westgard"
    """``westgard`` or ``rms``."""


@dataclass(frozen=True, slots=True)
class StatedLimit(JsonModel):
    """A limit of one lot."""

    value: float
    """In the unit of the results."""
    method: str
    """How it was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsOfLot(JsonModel):
    """Limits of one lot, or of all together, with what they rest on."""

    lot: str
    """Name; empty for all, and where the file names none."""
    n_blank: int
    """Blank results."""
    n_low: int
    """Results of low samples."""
    n_missing: int
    """Rows without a result."""
    lob: StatedLimit | Refusal
    """Limit of blank."""
    lod: StatedLimit | Refusal
    """Limit of detection."""
    loq: StatedLimit | Refusal
    """Limit of quantitation."""
    lob_by_rank: float | Refusal
    """Limit of blank by ranks."""
    lob_parametric: float | Refusal
    """Limit of blank by mean and SD."""
    blanks_normal_p: float | None
    """p of Shapiro and Wilk's test of the blanks; None where it cannot be made."""
    scatter: LowScatter | Refusal
    """Pooled scatter of the low samples."""
    profile: PrecisionProfile | Refusal
    """Precision profile over them."""
    hit_rates: HitRateLimit | Refusal
    """Probit line over their known concentrations."""
    notes: list[str]
    """What speaks against the methods that were chosen."""

    def limit(self, name: str) -> StatedLimit | Refusal:
        """Return one limit.

        Parameters
        ----------
        name : str
            ``lob``, ``lod`` or ``loq``.

        Returns
        -------
        StatedLimit or Refusal
            The limit, or why there is none.
        """
        found: StatedLimit | Refusal = getattr(self, name)
        return found


def limits_of(lot: str, samples: Samples, settings: DetectionSettings) -> LimitsOfLot:
    """Give the limits of one lot.

    Parameters
    ----------
    lot : str
        Its name.
    samples : Samples
        Its results.
    settings : DetectionSettings
        Methods and goals.

    Returns
    -------
    LimitsOfLot
        Each limit, or why there is none.
    """
    blanks = samples.all_blanks()
    by_rank, by_mean = blank_limit_by_rank(blanks), blank_limit_by_mean(blanks, len(samples.blanks))
    lob = _stated(by_rank if settings.blank_method == "nonparametric" else by_mean, settings.blank_method)
    scatter, profile = low_scatter(samples.low_arrays()), _profile(samples, settings)
    hits = hit_limit(samples, lob.value if isinstance(lob, StatedLimit) else None)
    lod = _detection(lob, scatter, profile, hits, settings)
    normal_p = _normal_p(samples)
    return LimitsOfLot(
        lot=lot,
        n_blank=samples.n_blank,
        n_low=samples.n_low,
        n_missing=samples.n_missing,
        lob=lob,
        lod=lod,
        loq=_quantitation(samples, lod, settings),
        lob_by_rank=by_rank,
        lob_parametric=by_mean,
        blanks_normal_p=normal_p,
        scatter=scatter,
        profile=profile,
        hit_rates=hits,
        notes=list(_notes(settings, normal_p, scatter)),
    )


def _stated(value: float | Refusal, method: str) -> StatedLimit | Refusal:
    return value if isinstance(value, Refusal) else StatedLimit(value, method)


def _profile(samples: Samples, settings: DetectionSettings) -> PrecisionProfile | Refusal:
    import numpy as np

    lows = [sample for sample in samples.low_arrays() if sample.size > 1]
    if not lows or not all(np.isfinite(sample).all() for sample in lows):
        return Refusal("A precision profile needs low samples with several results, none of them below a bound.")
    moments = np.array([(sample.mean(), sample.std(ddof=1), sample.size - 1) for sample in lows])
    means, sds, dfs = moments.T
    return precision_profile(means, sds, dfs, settings.profile_shape)


def _detection(
    lob: StatedLimit | Refusal,
    scatter: LowScatter | Refusal,
    profile: PrecisionProfile | Refusal,
    hits: HitRateLimit | Refusal,
    settings: DetectionSettings,
) -> StatedLimit | Refusal:
    method = settings.detection_method
    if method == "probit":
        return hits if isinstance(hits, Refusal) else StatedLimit(hits.value, method)
    if isinstance(lob, Refusal):
        return Refusal(f"There is no limit of blank. {lob.sentence}")
    if isinstance(scatter, Refusal):
        return scatter
    if method == "classical":
        return StatedLimit(detection_limit(lob.value, scatter), method)
    if isinstance(profile, Refusal):
        return profile
    return _stated(detection_limit_by_profile(lob.value, profile, scatter.df), method)


def _quantitation(samples: Samples, lod: StatedLimit | Refusal, settings: DetectionSettings) -> StatedLimit | Refusal:
    goal = settings.error_goal_percent
    found = quantity_limit(samples, settings.cv_goal_percent or 0.0, goal, settings.error_model)
    method = "cv" if goal is None else f"total_error_{settings.error_model}"
    if isinstance(found, Refusal) or isinstance(lod, Refusal) or found >= lod.value:
        return _stated(found, method)
    return StatedLimit(lod.value, f"{method}, raised to the limit of detection")


def _normal_p(samples: Samples) -> float | None:
    import numpy as np
    from scipy.stats import shapiro

    blanks = samples.all_blanks()
    is_known = 2 < blanks.size <= _MOST_NORMAL and bool(np.isfinite(blanks).all())
    return float(shapiro(blanks).pvalue) if is_known and np.ptp(blanks) > 0 else None


def _notes(settings: DetectionSettings, normal_p: float | None, scatter: LowScatter | Refusal) -> Iterator[str]:
    if settings.blank_method == "parametric" and normal_p is not None and normal_p < SIGNIFICANT:
        yield f"Blanks are not normally distributed (p {normal_p:.2g}): take the limit of blank by ranks."
    unequal = None if isinstance(scatter, Refusal) else scatter.unequal_p
    if settings.detection_method == "classical" and unequal is not None and unequal < SIGNIFICANT:
        yield f"Low samples scatter unequally (p {unequal:.2g}): take the precision profile (--lod profile)."
