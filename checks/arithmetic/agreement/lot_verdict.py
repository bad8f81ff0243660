"""Verdict on a new lot: from intervals, never from a point alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from checks.arithmetic.agreement.lot_bias import BiasInterval
from checks.arithmetic.agreement.lot_scatter import LotScatter
from checks.arithmetic.refusal import Refusal
from schemas.finding import Verdict

Floats = npt.NDArray[np.float64]
FEWEST_SAMPLES = 10  # samples below which an interval drawn from them says too little; proposed
SCATTER_FACTOR = 2.0  # times the allowed bias, for lots of unknown precision; proposed
Said = tuple[Verdict, str]


def lot_verdicts(
    old: Floats,
    new: Floats,
    biases: list[BiasInterval] | Refusal,
    scatter: LotScatter | Refusal,
    allowed_percent: float | None,
    expected_percent: float | None,
) -> list[Said]:
    """Name everything that speaks against a new lot.

    Parameters
    ----------
    old : ndarray of float, shape (n_samples,)
        Results of the old lot, without NaN.
    new : ndarray of float, shape (n_samples,)
        Results of the new lot, in the same unit and order.
    biases : list of BiasInterval or Refusal
        Bias at each level, or why there is none.
    scatter : LotScatter or Refusal
        Scatter about the line, or why there is none.
    allowed_percent : float or None
        Largest bias that is allowed, in percent; None gives no verdict.
    expected_percent : float or None
        SD of a difference that the precision of both lots explains, in percent; None if unknown.

    Returns
    -------
    list of (Verdict, str)
        Verdicts with their sentences; empty where the lot passes.

    Notes
    -----
    A lot passes if the whole interval of the bias is allowed at every level. Scatter is too large where even its lower
    limit is above what both lots explain. Where their precision is not known, a lower limit above twice the bias that
    is allowed is too large, and one above it leaves open whether the lots or their precision scatter.
    """
    if allowed_percent is None:
        return [(Verdict.NOT_EVALUABLE, "Nobody says how large a bias is allowed: give it with --allowed.")]
    if isinstance(biases, Refusal):
        return [(Verdict.NOT_EVALUABLE, biases.sentence), *_of_scatter(old, new, scatter, allowed_percent, None)]
    if not biases:
        return [(Verdict.NOT_EVALUABLE, "There is no level above 0 to judge at: give one with --at.")]
    return [
        *_of_number(old, biases),
        *(said for bias in biases for said in _of_bias(bias, old.size, allowed_percent)),
        *_of_scatter(old, new, scatter, allowed_percent, expected_percent),
    ]


def _of_number(old: Floats, biases: list[BiasInterval]) -> list[Said]:
    said = []
    if old.size < FEWEST_SAMPLES:
        sentence = f"{old.size} samples are too few for a verdict: {FEWEST_SAMPLES} or more over the range are needed."
        said.append((Verdict.NOT_EVALUABLE, sentence))
    outside = [f"{bias.level:g}" for bias in biases if not old.min() <= bias.level <= old.max()]
    if outside:
        sentence = f"No sample reaches the level {', '.join(outside)}: the old lot gave {old.min():g} to {old.max():g}."
        said.append((Verdict.NOT_EVALUABLE, sentence))
    return said


def _of_bias(bias: BiasInterval, n_samples: int, allowed: float) -> list[Said]:
    verdict = bias.verdict(allowed)
    interval = f"{bias.bias_percent:.1f} % ({bias.ci_low:.1f} to {bias.ci_high:.1f})"
    if verdict is Verdict.REJECT:
        return [(verdict, f"At {bias.level:g} the bias is {interval}: beyond the {allowed:g} % that are allowed.")]
    if verdict is Verdict.NOT_EVALUABLE:
        sentence = f"At {bias.level:g} the bias is {interval}: {n_samples} samples cannot show it below {allowed:g} %."
        return [(verdict, sentence)]
    return []


def _of_scatter(
    old: Floats, new: Floats, scatter: LotScatter | Refusal, allowed: float, expected: float | None
) -> list[Said]:
    if isinstance(scatter, Refusal):
        return []
    most = allowed if expected is None else expected
    said = []
    if scatter.sd_low > most:
        what = "the bias that is allowed" if expected is None else "what the precision of both lots explains"
        sentence = (
            f"Samples scatter by {scatter.sd_percent:.1f} % about the line ({scatter.sd_low:.1f} to "
            f"{scatter.sd_high:.1f}), more than {what} ({most:.1f} %): {scatter.n_beyond_allowed} of {old.size} differ "
            f"by more than {allowed:g} %, the worst by {scatter.worst_percent:.0f} %."
        )
        is_decided = expected is not None or scatter.sd_low > SCATTER_FACTOR * allowed
        unknown = " Say with --cv how precise a lot is, to tell whether that explains it."
        said.append((Verdict.REJECT, sentence) if is_decided else (Verdict.NOT_EVALUABLE, sentence + unknown))
    if scatter.outlier is not None and abs(new[scatter.outlier] / old[scatter.outlier] - 1) > allowed / 100:
        one, other = float(old[scatter.outlier]), float(new[scatter.outlier])
        sentence = f"The sample with {one:g} by the old lot and {other:g} by the new one lies apart: measure it again."
        said.append((Verdict.NOT_EVALUABLE, sentence))
    return said
