"""The sidecar lock of the facts file: many readers or one writer, with a deadline and the holder's name."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from qc.store.read_only import is_read_only
from schemas.errors import StoreBusyError, StoreError

_FIRST_PAUSE_S = 0.002
_LONGEST_PAUSE_S = 0.05


@contextmanager
def file_lock(path: Path, *, exclusive: bool, wait_s: float) -> Iterator[None]:
    """Hold the lock of a file while the body runs; the end of the process, however it comes, frees it.

    The lock lies on ``<path>.lock``, never on the file itself. Who waits stands in ``<path>.turn`` first, so that a
    writer is not kept out for ever by readers that come one after the other.

    Parameters
    ----------
    path : Path
        File to guard; it is not opened.
    exclusive : bool
        Whether to hold it alone, as a writer must.
    wait_s : float
        Longest time to wait, in seconds, at least 0.

    Raises
    ------
    StoreBusyError
        If others hold it beyond the deadline; the sentence names them.
    StoreError
        If the lock file cannot be made.
    """
    deadline = time.monotonic() + wait_s
    if not exclusive and is_without_lock(path):
        yield
        return
    lock = _open(path.with_name(f"{path.name}.lock"))
    try:
        _take_in_turn(path, lock, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH, deadline, wait_s)
        with _named(path, exclusive=exclusive):
            yield
    finally:
        os.close(lock)


def _take_in_turn(path: Path, lock: int, mode: int, deadline: float, wait_s: float) -> None:
    turn = _open(path.with_name(f"{path.name}.turn"))
    try:
        if not (_take(turn, fcntl.LOCK_EX, deadline) and _take(lock, mode, deadline)):
            holders = " and ".join(_holders(path)) or "another process"
            raise StoreBusyError(f"'{path.name}' is in use by {holders}; waited {wait_s:g} s. Try again later.")
    finally:
        os.close(turn)


def is_without_lock(path: Path) -> bool:
    """Tell whether a file is a copy that nobody here can write, with no lock beside it and no way to make one."""
    return is_read_only(path) and not path.with_name(f"{path.name}.lock").exists()


def _open(path: Path) -> int:
    try:
        if path.exists() and not os.access(path, os.W_OK):
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)  # who may only read locks what is there all the same
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    except OSError as error:
        raise StoreError(f"The lock file '{path}' cannot be opened: {error.strerror}.") from error


def _take(lock: int, mode: int, deadline: float) -> bool:
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            fcntl.flock(lock, mode | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EINTR):
                raise StoreError(f"This file system has no locks that can be relied on: {error.strerror}.") from error
            if time.monotonic() >= deadline:
                return False
            time.sleep(pause_s)
            pause_s = min(pause_s * 1.5, _LONGEST_PAUSE_S)
        else:
            return True


@contextmanager
def _named(path: Path, *, exclusive: bool) -> Iterator[None]:
    folder = _holders_folder(path)
    own = folder / f"{os.getpid()}-{threading.get_ident()}.json"
    with suppress(OSError):  # the names are a courtesy: the lock holds without them
        folder.mkdir(exist_ok=True)
        if exclusive:  # nobody else is inside: what lies here is left over
            for left in folder.glob("*.json"):
                left.unlink(missing_ok=True)
        own.write_text(json.dumps(_myself(exclusive=exclusive)), encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            own.unlink(missing_ok=True)


def _myself(*, exclusive: bool) -> dict[str, str | int]:
    # Only program and command are named: what follows on a command line may be a code of a patient.
    command = " ".join([Path(sys.argv[0] or "python").name, *[word for word in sys.argv[1:2] if word.isalpha()]])
    since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    purpose = "writes" if exclusive else "reads"
    return {"pid": os.getpid(), "host": socket.gethostname(), "command": command, "since": since, "purpose": purpose}


def _holders(path: Path) -> list[str]:
    named = []
    for file in sorted(_holders_folder(path).glob("*.json")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            door = json.loads(file.read_text(encoding="utf-8"))
            if _is_alive(door["pid"], door["host"]):
                place = "" if door["host"] == socket.gethostname() else f" on {door['host']}"
                named.append(
                    f"process {door['pid']}{place} ('{door['command']}', {door['purpose']} since {door['since']})"
                )
    return named


def _is_alive(pid: int, host: str) -> bool:
    if host != socket.gethostname():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _holders_folder(path: Path) -> Path:
    return path.with_name(f"{path.name}.holders")


def is_awaited(path: Path) -> bool:
    """Tell whether somebody stands in line for the lock of a file.

    Returns
    -------
    bool
        True while a process waits; whoever holds the lock should then let go of it soon.
    """
    if is_without_lock(path):
        return False
    turn = _open(path.with_name(f"{path.name}.turn"))
    try:
        fcntl.flock(turn, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(turn)
    return False
