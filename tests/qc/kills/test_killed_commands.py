from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

KILLED = Path(__file__).with_name("killed_commands.py")


@pytest.mark.long
def test_a_thousand_kills_of_all_commands_lose_double_and_half_show_nothing(tmp_path):
    words = [sys.executable, str(KILLED), str(tmp_path / "labs"), "1000", "20261130"]

    counted = json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)

    assert counted["faults"] == []
    assert counted["n_kills"] >= 1000
    assert len(counted["by_act"]) > 30
