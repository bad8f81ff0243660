"""Commands in a process of their own: what is heavy to import never weighs on the screens, nor can it stop them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from schemas.errors import ConfigError, StoreBusyError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

_WAIT_S = 600.0
_BUSY = 4


def ask_command(root: Path | None, *words: str) -> list[Mapping[str, Any]]:
    """Run a command of ``qc`` with ``--json`` and read what it prints.

    Parameters
    ----------
    root : Path or None
        Folder of the lab; None for a command that needs none.
    *words : str
        Command with its arguments; never a shell.

    Raises
    ------
    ConfigError
        If the command was refused; with its own words.
    StoreBusyError
        If a store is busy.
    StoreError
        If it failed otherwise.
    """
    place = ["--lab", str(root)] if root is not None else []
    command = [sys.executable, "-m", "qc", *words, "--json", *place]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_WAIT_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise StoreError(f"'qc {words[0]}' did not end within {_WAIT_S:g} s.") from error
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if answers:
        return answers
    said = done.stderr.strip() or f"'qc {words[0]}' ended with code {done.returncode} and said nothing."
    if done.returncode == _BUSY:
        raise StoreBusyError(said)
    raise ConfigError(said)


def start_command(root: Path, *words: str) -> None:
    """Start a command of ``qc`` that nobody waits for; it goes on when this process ends, and what it does not do is
    made good by the next look.

    Parameters
    ----------
    root : Path
        Folder of the lab.
    *words : str
        Command with its arguments; never a shell.
    """
    command = [sys.executable, "-m", "qc", *words, "--json", "--lab", str(root)]
    nowhere = subprocess.DEVNULL
    subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)  # noqa: S603
