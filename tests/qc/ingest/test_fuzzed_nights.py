from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FUZZED = Path(__file__).with_name("fuzzed_nights.py")


@pytest.mark.long
def test_nights_over_20_000_damaged_files_end_with_every_file_in_or_refused_with_a_reason(tmp_path):
    words = [sys.executable, str(FUZZED), str(tmp_path / "labs"), "20000", "20261130"]

    told = json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)

    assert told["wrong"] == []
    assert sum(told["outcomes"].values()) > 15_000  # parts of one delivery are counted once
    assert told["most_mb"] < 2000
