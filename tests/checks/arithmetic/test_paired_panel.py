from __future__ import annotations

import numpy as np
import pytest

from checks.arithmetic.families.false_discovery import benjamini_hochberg
from checks.arithmetic.families.family_wise import holm
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.pairs.paired_panel import paired_panel
from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank


def panel(*, n_contrasts: int, n_pairs: int, decimals: int, missing: float, seed: int = 11) -> np.ndarray:
    rng = np.random.default_rng(seed)
    differences = np.round(rng.normal(0.2, 1.0, (n_contrasts, n_pairs)), decimals) + 0.0
    differences[rng.random(differences.shape) < missing] = np.nan
    return differences


@pytest.mark.parametrize("zeros", ["wilcox", "pratt"])
@pytest.mark.parametrize(
    ("n_pairs", "decimals", "missing"), [(15, 1, 0.0), (15, 0, 0.2), (6, 1, 0.3), (31, 2, 0.1), (1, 0, 0.5)]
)
def test_a_panel_says_of_each_contrast_what_it_says_alone(
    n_pairs: int, decimals: int, missing: float, zeros: str
) -> None:
    differences = panel(n_contrasts=60, n_pairs=n_pairs, decimals=decimals, missing=missing)

    found = paired_panel(differences, zeros=zeros)

    for place, row in enumerate(differences):
        alone = row[np.isfinite(row)]
        ranked, shift = signed_rank(alone, zeros=zeros), hodges_lehmann(alone)
        t = paired_t(alone, scale=float(np.abs(alone).max(initial=0.0)))
        p = ranked.p_two if isinstance(ranked, SignedRank) else np.nan
        assert found.p_wilcoxon[place] == pytest.approx(p, rel=1e-11, nan_ok=True)
        assert found.w_plus[place] == pytest.approx(
            ranked.w_plus if isinstance(ranked, SignedRank) else np.nan, nan_ok=True
        )
        assert found.p_t[place] == pytest.approx(t.p_two if isinstance(t, PairedT) else np.nan, rel=1e-11, nan_ok=True)
        ends = (shift.estimate, shift.ci_low, shift.ci_high) if isinstance(shift, HodgesLehmann) else (np.nan,) * 3
        ours = (found.shift[place], found.ci_low[place], found.ci_high[place])
        assert ours == pytest.approx(ends, rel=1e-12, abs=1e-12, nan_ok=True)


def test_a_tie_in_one_contrast_leaves_the_others_alone() -> None:
    quiet = panel(n_contrasts=1, n_pairs=15, decimals=6, missing=0.0)
    tied = np.round(quiet, 0)

    beside = paired_panel(np.vstack([quiet, tied]))

    assert beside.p_wilcoxon[0] == paired_panel(quiet).p_wilcoxon[0]


def test_the_family_is_what_could_be_tested() -> None:
    differences = panel(n_contrasts=40, n_pairs=12, decimals=1, missing=0.1)
    differences[3] = 0.0
    differences[7] = np.nan

    found = paired_panel(differences)

    p_values = [None if np.isnan(p) else float(p) for p in found.p_wilcoxon]
    assert p_values[3] is None
    assert p_values[7] is None
    for ours, method in ((found.p_holm, holm), (found.p_bh, benjamini_hochberg)):
        assert [None if np.isnan(p) else float(p) for p in ours] == method(p_values)
