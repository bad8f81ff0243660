"""Disk, clock and rights under a lab, each fault with what to do."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

_SKEW_S = 60.0
"""Seconds that two clocks may differ: more, and files of the inbox look newer or older than they are."""
_AHEAD_S = 120.0
"""Seconds that something may have been written in the future."""
_FEWEST_FILES = 10_000


def disk_faults(lab: LabFolder) -> Iterator[Fault]:
    """Tell of a disk that is nearly full, of bytes or of files."""
    disk, least = shutil.disk_usage(lab.paths.root), lab.settings.nightly.min_free_percent
    free = 100 * disk.free / disk.total
    if free < least:
        text = f"{free:.1f} % of the disk is free ({disk.free / 1e9:.1f} GB); [nightly] min_free_percent is {least:g}."
        yield Fault("disk", f"{text} Make room, or move the lab with 'qc backup' and 'qc restore'.")
    with suppress(AttributeError):
        files = os.statvfs(lab.paths.root)
        if files.f_files and files.f_favail < _FEWEST_FILES:
            yield Fault("disk", f"Only {files.f_favail} more files fit on it, whatever their size: make room.")


def right_faults(lab: LabFolder) -> Iterator[Fault]:
    """Tell of folders and stores that whoever runs this cannot use, and of a secret that others can read."""
    paths = lab.paths
    folders = (paths.inbox, paths.quarantine, paths.archive, paths.releases, paths.reports)
    for path in (*folders, paths.facts, paths.ledger):
        if path.exists() and not os.access(path, os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)):
            whose = f"User '{_user()}' cannot write it; it belongs to '{_owner(path)}'."
            yield Fault(path.name, f"{whose} Run as that user, or change its owner.")
    for path in folders:
        if not path.is_dir():
            yield Fault(path.name, "The folder is gone: 'qc init' on the lab makes it again.")
    named = (lab.settings.notify.addresses_file, lab.settings.web.secret_file)
    for path in (paths.root / name for name in named if name):
        if path.is_file() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Fault(path.name, f"Others can read it, and it is a secret: run `chmod 600 '{path}'`.")


def clock_faults(
    lab: LabFolder, newest: Sequence[tuple[str, datetime]], now: datetime | None = None
) -> Iterator[Fault]:
    """Tell of a clock that was put back, and of a file system whose clock is another.

    Parameters
    ----------
    newest : sequence of tuple
        What was written last, in words and with its time in UTC.
    now : datetime, optional
        Time in UTC; the clock, if not given.
    """
    now = now or datetime.now(UTC)
    for what, at in newest:
        ahead_s = (at - now).total_seconds()
        if ahead_s > _AHEAD_S:
            text = (
                f"The {what} was written {_span(ahead_s)} after what the clock of this machine says now: it was put "
                "back, or ran ahead. Set it (chrony, systemd-timesyncd) before more is written: time tells the order."
            )
            yield Fault("clock", text)
    skew_s = _skew_s(lab.paths.root)
    if abs(skew_s) > _SKEW_S:
        text = (
            f"The clock of the file system is {_span(abs(skew_s))} {'ahead of' if skew_s > 0 else 'behind'} that of "
            "this machine: files look newer or older than they are. Set both."
        )
        yield Fault("clock", text)


def lock_holder_faults(lab: LabFolder, now: datetime | None = None) -> Iterator[Fault]:
    """Tell of processes that have held a store for more than an hour, and of files that dead ones left behind."""
    import json

    now = now or datetime.now(UTC)
    for store in (lab.paths.facts,):
        for path in sorted(store.with_name(f"{store.name}.holders").glob("*.json")):
            with suppress(OSError, ValueError, KeyError, TypeError):
                holder = json.loads(path.read_text(encoding="utf-8"))
                age_s = (now - datetime.fromisoformat(holder["since"])).total_seconds()
                if age_s > 3600 and _lives(int(holder["pid"])):
                    who = f"Process {holder['pid']} ('{holder['command']}')"
                    yield Fault(store.name, f"{who} has held it for {_span(age_s)}: does it hang? End it.")


def drop_dead_holders(lab: LabFolder) -> int:
    """Remove the names that dead processes of this machine left beside the facts; the locks themselves ended with them.

    Returns
    -------
    int
        How many there were.
    """
    import json
    import socket

    dropped = 0
    for path in lab.paths.facts.with_name(f"{lab.paths.facts.name}.holders").glob("*.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            holder = json.loads(path.read_text(encoding="utf-8"))
            if holder["host"] == socket.gethostname() and not _lives(int(holder["pid"])):
                path.unlink()
                dropped += 1
    return dropped


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _skew_s(folder: Path) -> float:
    probe = folder / f".clock-probe-{os.getpid()}"
    try:
        before = time.time()
        probe.write_bytes(b"x")
        return probe.stat().st_mtime - before
    except OSError:
        return 0.0
    finally:
        with suppress(OSError):
            probe.unlink()


def _span(seconds: float) -> str:
    for size, word in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} seconds"


def _user() -> str:
    from qc.lab.actor import effective_user

    return effective_user()


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, NotImplementedError, OSError):
        return str(path.stat().st_uid)
