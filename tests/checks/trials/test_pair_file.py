from __future__ import annotations

import numpy as np

from checks.trials.pair_file import read_pairs


def test_a_limit_beside_one_column_holds_for_that_column_alone():
    text = "subject,before,after,lloq,lloq_before,after_uloq\nM1,ND,BLQ,0.2,0.5,\nM2,1,saturated,,,500\nM3,ND,1,,,\n"

    pairs = read_pairs(text)

    np.testing.assert_array_equal(pairs.before.number, [0.5, 1, np.nan])
    np.testing.assert_array_equal(pairs.after.number, [0.2, 500, 1])
