from __future__ import annotations

import pytest

from schemas.plates.primary_signal import primary_block, primary_measurement


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (["Median", "Count", "Net MFI"], "Median"),
        (["FI", "FI - Bkgd"], "FI"),
        (["Median", "Brightness"], ""),
        (["Net MFI", "Count"], ""),
        (["Median", "FI"], ""),
    ],
)
def test_the_median_of_beads_is_the_signal_where_all_else_is_made_of_it(names, taken):
    assert primary_measurement(names) == taken


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (["630nm:630", "Blank 630nm:630", "[Concentration]"], "630nm:630"),
        (["660", "Conc"], "660"),
        (["450", "620"], ""),
        (["405 at 0:00", "405 at 0:30"], ""),
        (["Blank 450", "Conc"], ""),
        (["450"], ""),
    ],
)
def test_a_reading_is_the_signal_where_all_else_is_computed_of_it(names, taken):
    assert primary_block(names) == taken
