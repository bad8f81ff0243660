from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.long
def test_however_often_a_watcher_is_killed_every_file_comes_in_once_and_whole(tmp_path):
    words = [sys.executable, str(HERE / "killed_watcher.py"), str(tmp_path), "100", "3"]
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[2])}

    done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)

    told = json.loads(done.stdout)
    assert told["faults"] == []
    assert told["n_files"] > 100
