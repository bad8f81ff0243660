from __future__ import annotations

import plistlib
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from qc.cli.schedules import UNITS, schedule_of
from schemas.errors import ConfigError

LABS = [Path("/labs/als"), Path("/labs/a lab, 100 % 'ours' $HOME \"q\""), Path("/labs/ä\\b")]
PYTHON = Path("/opt/assay gate/bin/python")


@pytest.mark.parametrize("lab", LABS, ids=range(len(LABS)))
def test_cron_and_launchd_call_the_very_command(lab):
    schedule = schedule_of(lab, PYTHON, "2:05")
    words = [str(PYTHON), "-m", "qc", "nightly", "--lab", str(lab)]

    (line,) = UNITS["cron"](schedule).values()
    minute, hour, *_, command = line.rstrip("\n").split(" ", 5)
    (job,) = (plistlib.loads(text.encode()) for text in UNITS["launchd"](schedule).values())

    assert (minute, hour) == ("5", "2")
    assert shlex.split(command.replace("\\%", "%")) == words
    assert job["ProgramArguments"] == words
    assert job["StartCalendarInterval"] == {"Hour": 2, "Minute": 5}


@pytest.mark.parametrize("lab", LABS, ids=range(len(LABS)))
def test_systemd_takes_the_units(lab, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    units = UNITS["systemd"](schedule_of(lab, Path("/bin/true"), "02:30"))
    for name, text in units.items():
        (tmp_path / name).write_text(text)

    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in units)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("at", ["24:00", "2.30", "02:30:00", "x"])
def test_what_is_no_time_of_day_is_refused(at):
    with pytest.raises(ConfigError):
        schedule_of(LABS[0], PYTHON, at)


def test_a_path_with_a_line_end_is_refused():
    with pytest.raises(ConfigError):
        schedule_of(Path("/labs/a\nb"), PYTHON, "02:30")
