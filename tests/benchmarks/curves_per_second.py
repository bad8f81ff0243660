"""Curves per second of the batch fit against scipy.optimize.curve_fit with the analytic Jacobian, in one run.

    python tests/benchmarks/curves_per_second.py [--curves 10000] [--models 4pl 5pl] [--weight 1/y2]

Prints CPU seconds, the ratio, and on how many curves the weighted RSS is the same (relative 1e-9), lower or higher,
three times: against curve_fit as it comes; where they differ, against curve_fit with the tightest tolerances; and where
they still differ, against curve_fit restarted from the batch's optimum and from eight points at random. What a restart
brings to the same sum, curve_fit had left before it converged. A curve counts as higher if any of them found less. The
later calls are not timed. Told too is how many of the curves that reach no optimum at all are named ill-determined:
their asymmetry lies beyond 0.1 to 10.
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
from scipy.optimize import curve_fit

from checks.arithmetic.curves.four_pl import log_dose, response_and_jacobian
from checks.arithmetic.curves.four_pl_asymmetry import is_determined
from checks.arithmetic.curves.four_pl_batch import batch_fit
from checks.arithmetic.curves.four_pl_optimum import COSINE_LIMIT

CONC = np.repeat(1000 / 3.0 ** np.arange(8), 2)
SAME = 1e-9
DEFAULT = 1.49012e-8
TIGHT = 1e-15


def signals(n_curves: int, model: str, seed: int = 11) -> np.ndarray:
    """Return synthetic standards in duplicate, 4 % noise, as rows."""
    random = np.random.default_rng(seed)
    low, high = random.uniform(0.02, 0.1, n_curves), random.uniform(1.5, 3.5, n_curves)
    scale, slope = np.exp(random.uniform(3, 6, n_curves)), random.uniform(0.7, 1.6, n_curves)
    g = np.exp(random.uniform(np.log(0.5), np.log(2), n_curves)) if model == "5pl" else np.ones(n_curves)
    base = 1 / (1 + (CONC / scale[:, None]) ** -slope[:, None])
    clean = low[:, None] + (high - low)[:, None] * base ** g[:, None]
    return clean * (1 + 0.04 * random.normal(size=clean.shape))


def scipy_wrss(
    signal: np.ndarray, model: str, weight: str, *, tolerance: float = DEFAULT, start: np.ndarray | None = None
) -> float:
    """Return the weighted RSS that curve_fit reaches, from the usual start values by default; NaN where it gives up."""
    n_params = 4 if model == "4pl" else 5
    log_x, direction = log_dose(CONC), np.asarray(-1.0)
    sigma = {"none": None, "1/y": np.sqrt(signal), "1/y2": signal}[weight]
    usual = [0.0, signal.min(), signal.max(), np.median(log_x), 0.0][:n_params]

    def curve(_: np.ndarray, *theta: float) -> np.ndarray:
        return response_and_jacobian(np.array(theta), direction, log_x, n_params=n_params)[0]

    def jacobian(_: np.ndarray, *theta: float) -> np.ndarray:
        return response_and_jacobian(np.array(theta), direction, log_x, n_params=n_params)[1]

    tight = {"ftol": tolerance, "xtol": tolerance, "gtol": 0.0 if tolerance == DEFAULT else tolerance}
    begun = usual if start is None else start
    try:
        theta, _ = curve_fit(curve, CONC, signal, begun, sigma, jac=jacobian, method="lm", maxfev=5000, **tight)
    except RuntimeError:
        return float("nan")
    residual = (curve(CONC, *theta) - signal) / (1.0 if sigma is None else sigma)
    return float(residual @ residual)


def told(ours: np.ndarray, theirs: np.ndarray) -> str:
    """Return how many sums are the same, lower and higher, in words."""
    relative = ours / theirs - 1
    same, lower, higher = np.abs(relative) <= SAME, relative < -SAME, relative > SAME
    failed = f", curve_fit failed {100 * np.isnan(theirs).mean():.2f} %" if np.isnan(theirs).any() else ""
    return (
        f"same {100 * same.mean():.2f} %, lower {100 * lower.mean():.2f} %, higher {100 * higher.mean():.2f} %{failed}"
    )


def measure(model: str, weight: str, n_curves: int) -> None:
    """Print the comparison of one model."""
    rows = signals(n_curves, model)
    batch_fit(CONC, rows[:50], model=model, weight=weight)
    started = time.process_time()
    batch = batch_fit(CONC, rows, model=model, weight=weight)
    ours_s = time.process_time() - started
    started = time.process_time()
    theirs = np.array([scipy_wrss(row, model, weight) for row in rows])
    theirs_s = time.process_time() - started
    lines = [f"as it comes: {told(batch.wrss, theirs)}"]
    for place in differing(batch.wrss, theirs):
        theirs[place] = np.fmin(theirs[place], scipy_wrss(rows[place], model, weight, tolerance=TIGHT))
    lines.append(f"tightest tolerances: {told(batch.wrss, theirs)}")
    for place in differing(batch.wrss, theirs):
        again = scipy_wrss(rows[place], model, weight, tolerance=TIGHT, start=batch.theta[place])
        theirs[place] = np.fmin(theirs[place], again)
        for start in random_starts(rows[place], len(batch.theta[place])):
            elsewhere = scipy_wrss(rows[place], model, weight, tolerance=TIGHT, start=start)
            theirs[place] = np.fmin(theirs[place], elsewhere)
    lines.append(f"restarted: {told(batch.wrss, theirs)}")
    print(
        f"{model} {weight}: batch {n_curves / ours_s:,.0f} curves/s ({ours_s:.2f} s CPU), "
        f"curve_fit {n_curves / theirs_s:,.0f} curves/s ({theirs_s:.2f} s CPU), ratio {theirs_s / ours_s:.1f}; "
        f"finished singly {100 * batch.is_single.mean():.2f} %, "
        f"not converged {100 * (~(batch.gradient_cosine < COSINE_LIMIT)).mean():.2f} %, "
        f"of which named ill-determined {named_of_unconverged(batch.theta, batch.gradient_cosine)}",
        *(f"  wrss against curve_fit {line}" for line in lines),
        sep="\n",
        flush=True,
    )


def random_starts(signal: np.ndarray, n_params: int, n_starts: int = 8, seed: int = 5) -> list[np.ndarray]:
    """Return start values at random: slope, asymptotes around the signals, midpoint within the doses, asymmetry."""
    random = np.random.default_rng(seed)
    log_x = log_dose(CONC)
    starts = [
        [
            random.normal(0, 0.7),
            signal.min() * random.uniform(0, 1),
            signal.max() * random.uniform(0.9, 1.5),
            random.uniform(log_x.min(), log_x.max()),
            random.normal(0, 0.7),
        ]
        for _ in range(n_starts)
    ]
    return [np.array(start[:n_params]) for start in starts]


def differing(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Return the places of the curves on which two sums are not the same."""
    return np.flatnonzero(~(np.abs(ours / theirs - 1) <= SAME))


def named_of_unconverged(theta: np.ndarray, cosine: np.ndarray) -> str:
    """Return how many of the curves that reached no optimum name their asymmetry as the cause."""
    unconverged = ~(cosine < COSINE_LIMIT)
    return f"{int((unconverged & ~is_determined(theta)).sum())} of {int(unconverged.sum())}"


def main() -> None:
    """Run the comparison."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--curves", type=int, default=10_000)
    options.add_argument("--models", nargs="+", default=["4pl", "5pl"])
    options.add_argument("--weight", default="1/y2")
    chosen = options.parse_args()
    warnings.simplefilter("ignore")
    for model in chosen.models:
        measure(model, chosen.weight, chosen.curves)


if __name__ == "__main__":
    main()
