"""Measure 20,000 contrasts of 15 pairs against a loop over scipy, in CPU time of one run.

Run it as ``python tests/benchmarks/paired_panel_per_second.py [n_contrasts] [n_in_loop]``. Both give the signed-rank p,
the Hodges-Lehmann estimate, Student's t, and Holm and Benjamini-Hochberg over the panel. The loop is measured on a
part of the contrasts and its time scaled up; scipy leaves the exact distribution where a contrast has a tie or a zero.
"""

from __future__ import annotations

import sys
import time
import warnings

import numpy as np
from scipy import stats

from checks.arithmetic.pairs.paired_panel import paired_panel

N_PAIRS = 15
SEED = 7


def main(n_contrasts: int, n_in_loop: int) -> None:
    rng = np.random.default_rng(SEED)
    differences = np.round(rng.normal(0.0, 1.0, (n_contrasts, N_PAIRS)), 1) + 0.0
    paired_panel(differences[:100])

    start = time.process_time()
    found = paired_panel(differences)
    ours = time.process_time() - start

    start = time.process_time()
    p_values = loop(differences[:n_in_loop])
    theirs = (time.process_time() - start) * n_contrasts / n_in_loop
    start = time.process_time()
    stats.false_discovery_control(np.resize(p_values, n_contrasts))
    theirs += time.process_time() - start

    n_other = int((np.abs(found.p_wilcoxon[:n_in_loop] - p_values) > 1e-9).sum())
    print(f"{n_contrasts} contrasts of {N_PAIRS} pairs: panel {ours:.2f} s, loop over scipy {theirs:.2f} s of CPU")
    print(
        f"ratio {theirs / ours:.0f}; scipy's p is another (not exact) in {100 * n_other / n_in_loop:.0f} % of contrasts"
    )


def loop(differences: np.ndarray) -> np.ndarray:
    first, second = np.triu_indices(N_PAIRS)
    p_values = np.empty(differences.shape[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for place, row in enumerate(differences):
            p_values[place] = stats.wilcoxon(row).pvalue
            stats.ttest_1samp(row, 0.0)
            np.median((row[first] + row[second]) / 2)
    return p_values


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    main(*(given + [20_000, 2_000][len(given) :]))
