"""What instruments send, kept in the inbox before it is acknowledged: synced to the disk, file and folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path

from qc.ingest.archive import sync_folder, write_whole

_OPEN = ".open"
"""End of the hidden name of a message that is still being sent."""
_END_OF_FRAME = b"\r\n"
_NUMBERS = count(1)


def _name(peer: str, kind: str) -> str:
    safe = re.sub(r"[^0-9A-Za-z.-]+", "_", peer).strip("._") or "peer"
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{safe[-40:]}-{os.getpid()}-{next(_NUMBERS)}.{kind}"


def keep_message(inbox: Path, content: bytes, *, peer: str, kind: str) -> Path:
    """Put a whole message into the inbox; once this returns, a power cut does not lose it.

    Raises
    ------
    OSError
        If it cannot be kept: it must not be acknowledged.
    """
    path = inbox / _name(peer, kind)
    write_whole(path, content)
    return path


@dataclass(slots=True)
class OpenMessage:
    """A message that comes frame by frame: each is on the disk before anybody acknowledges it."""

    path: Path
    """Where it will lie in the inbox once it has ended."""
    n_bytes: int = 0
    """Bytes that are kept."""
    _draft: Path = field(init=False)

    def __post_init__(self) -> None:
        """Name the hidden file that holds it meanwhile."""
        self._draft = self.path.with_name(f".{self.path.name}{_OPEN}")

    @classmethod
    def begin(cls, inbox: Path, *, peer: str, kind: str) -> OpenMessage:
        """Begin a message; nothing is written before its first frame."""
        return cls(inbox / _name(peer, kind))

    def add(self, frame: bytes) -> None:
        """Keep one more frame.

        Raises
        ------
        OSError
            If it cannot be kept: nothing of it stays, and it must not be acknowledged.
        """
        with self._draft.open("ab") as file:
            try:
                file.write(frame)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.truncate(self._draft, self.n_bytes)
                raise
        if not self.n_bytes:
            sync_folder(self._draft.parent)
        self.n_bytes += len(frame)

    def end(self) -> Path | None:
        """Put it into the inbox, whole or as far as it came; None if no frame ever did."""
        if not self.n_bytes:
            return None
        self._draft.replace(self.path)
        sync_folder(self.path.parent)
        return self.path


def recover_open(inbox: Path) -> list[Path]:
    """Put messages that a kill cut off into the inbox: their frames were acknowledged; drafts were not, and go."""
    for draft in inbox.glob(".*.hl7.*.part"):
        draft.unlink()
    found = []
    for draft in sorted(inbox.glob(f".*{_OPEN}")):
        # What stands behind the end of the last frame was being written: nobody was told that it is kept.
        n_whole = draft.read_bytes().rfind(_END_OF_FRAME) + len(_END_OF_FRAME)
        if n_whole < len(_END_OF_FRAME):
            draft.unlink()
            continue
        os.truncate(draft, n_whole)
        target = inbox / draft.name.removeprefix(".").removesuffix(_OPEN)
        draft.replace(target)
        found.append(target)
    if found:
        sync_folder(inbox)
    return found


def short_hash(path: Path) -> str:
    """Return the SHA-256 of a file, by which logs name it."""
    return sha256(path.read_bytes()).hexdigest()
