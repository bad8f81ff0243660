"""Whether locks on a file system can be relied on: both stores do, and lose data where they cannot."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from schemas.errors import Fault

NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ncpfs", "ceph", "glusterfs", "fuse.sshfs", "davfs"}
)
"""File systems of other machines. SQLite keeps the index of its log in memory that the processes of one machine share
(sqlite.org/wal.html, section 1), and DuckDB takes its lock for granted: there each machine sees a lab of its own."""
_MOUNTS = Path("/proc/mounts")
_ASK_FOR_LOCK = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(0)
sys.exit(9)
"""


def file_system_of(path: Path, mounts: str | None = None) -> str:
    """Return the type of the file system that a path lies on.

    Parameters
    ----------
    mounts : str, optional
        Text of ``/proc/mounts``; that of this machine, if not given.

    Returns
    -------
    str
        Such as ``ext4`` or ``nfs4``; empty where the machine does not tell.
    """
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    own, found = path.absolute(), ("", "")
    for line in mounts.splitlines():
        words = line.split(" ")
        if len(words) < 3:
            continue
        place = words[1].encode().decode("unicode_escape")  # blanks stand there as \040
        # The last of several mounts of one place is what is seen.
        if own.is_relative_to(place) and len(place) >= len(found[0]):
            found = (place, words[2])
    return found[1]


def network_fault(path: Path, mounts: str | None = None) -> Fault | None:
    """Return what is wrong where a lab lies on the disk of another machine; None if it does not."""
    kind = file_system_of(path, mounts)
    if kind not in NETWORK:
        return None
    text = (
        f"It lies on a network share ({kind}): locks and shared memory do not reach other machines, and a lab would "
        "lose data. Keep the lab on a disk of one machine; its inbox alone may be a share ('qc watch --poll'), and "
        "others reach it by the screens in a browser ('qc review --web')."
    )
    return Fault(path.name, text)


def lock_faults(folder: Path) -> Iterator[Fault]:
    """Try both kinds of locks in a folder, and yield a fault for each that does not keep another out."""
    probe = folder / f".lock-probe-{os.getpid()}"
    try:
        probe.write_bytes(b"x")
    except OSError:
        return  # what cannot be written is told as that
    try:
        yield from _flock_faults(probe)
        yield from _record_lock_faults(probe)
    finally:
        with suppress(OSError):
            probe.unlink()


def _flock_faults(probe: Path) -> Iterator[Fault]:
    with probe.open("rb") as one, probe.open("rb") as other:
        try:
            fcntl.flock(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            yield Fault(probe.parent.name, f"{_NO_LOCKS} ({error.strerror}). {_MOVE}")
            return
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return
        yield Fault(probe.parent.name, f"{_NO_LOCKS}: two had one lock at once. {_MOVE}")


def _record_lock_faults(probe: Path) -> Iterator[Fault]:
    # Locks of records, which SQLite takes, keep other processes out and never one's own.
    with probe.open("r+b") as one:
        try:
            fcntl.lockf(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            yield Fault(probe.parent.name, f"{_NO_LOCKS} ({error.strerror}). {_MOVE}")
            return
        words = [sys.executable, "-S", "-c", _ASK_FOR_LOCK, str(probe)]
        if subprocess.run(words, check=False, timeout=30).returncode == 9:  # noqa: S603 - our own program
            yield Fault(probe.parent.name, f"{_NO_LOCKS}: two processes had one lock at once. {_MOVE}")


_NO_LOCKS = "Its file system has no locks that can be relied on"
_MOVE = "Move the lab to a local disk (ext4, xfs, APFS)."
