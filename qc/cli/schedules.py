"""Units that call ``qc nightly`` each night: for systemd, cron and launchd."""

from __future__ import annotations

import plistlib
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import ConfigError

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When and what."""

    lab: Path
    """Folder of the lab, absolute."""
    program: Path
    """Python that runs Assaygate, absolute."""
    hour: int
    """Hour of the day, local time."""
    minute: int
    """Minute of the hour."""

    @property
    def name(self) -> str:
        """Name of the unit: of letters, digits and dashes."""
        return "assaygate-" + (re.sub(r"[^A-Za-z0-9]+", "-", self.lab.name).strip("-").lower() or "lab")

    @property
    def words(self) -> list[str]:
        """The command, word by word."""
        return [str(self.program), "-m", "qc", "nightly", "--lab", str(self.lab)]


def schedule_of(lab: Path, program: Path, at: str) -> Schedule:
    """Read a schedule.

    Parameters
    ----------
    at : str
        Local time: ``02:30``.

    Raises
    ------
    ConfigError
        If the time is none, or a path holds a character that no unit can.
    """
    time = _TIME.match(at)
    if time is None:
        raise ConfigError(f"'{at}' is no time of day. Expected hours and minutes such as 02:30.")
    for path in (lab, program):
        if _CONTROL.search(str(path)):
            raise ConfigError("The path of the lab or of Python holds a control character, which no schedule can name.")
    return Schedule(lab, program, int(time[1]), int(time[2]))


def _systemd(schedule: Schedule) -> dict[str, str]:
    command = " ".join(_systemd_word(word) for word in schedule.words)
    service = f"""[Unit]
Description=Nightly validation of the lab {schedule.name}

[Service]
Type=oneshot
ExecStart={command}
# 1: something waits; 3: a file went to quarantine. Neither is a failure of the job.
SuccessExitStatus=1 3
Nice=10
"""
    timer = f"""[Unit]
Description=Time of the nightly validation of the lab {schedule.name}

[Timer]
OnCalendar=*-*-* {schedule.hour:02d}:{schedule.minute:02d}:00
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {f"{schedule.name}.service": service, f"{schedule.name}.timer": timer}


def _systemd_word(word: str) -> str:
    # Double quotes of systemd: backslash, quote, and the signs that it would expand.
    text = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{text}"'


def _cron(schedule: Schedule) -> dict[str, str]:
    # A bare % ends a command of cron.
    command = shlex.join(schedule.words).replace("%", "\\%")
    return {f"{schedule.name}.cron": f"{schedule.minute} {schedule.hour} * * * {command}\n"}


def _launchd(schedule: Schedule) -> dict[str, str]:
    job = {
        "Label": schedule.name,
        "ProgramArguments": schedule.words,
        "StartCalendarInterval": {"Hour": schedule.hour, "Minute": schedule.minute},
        "ProcessType": "Background",
    }
    return {f"{schedule.name}.plist": plistlib.dumps(job).decode()}


UNITS: Mapping[str, Callable[[Schedule], dict[str, str]]] = {"systemd": _systemd, "cron": _cron, "launchd": _launchd}
"""What makes the files of each kind, by name."""
NEXT: Mapping[str, str] = {
    "systemd": "Put both into ~/.config/systemd/user, then: systemctl --user enable --now {name}.timer",
    "cron": "Add the line with: crontab -e",
    "launchd": "Put it into ~/Library/LaunchAgents, then: launchctl load ~/Library/LaunchAgents/{name}.plist",
}
"""What a person does with them."""
