"""Backups that only who holds a key can open: one file in the format of age, made and opened by its library."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING

from qc.audit.backup.synced_copy import sync
from qc.ingest.archive import sync_folder
from schemas.canonical import sha256_file
from schemas.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from pyrage import x25519

END = ".tar.age"
"""End of the name of an encrypted backup."""
_PRIVATE = "AGE-SECRET-KEY-"


def make_key(path: Path) -> str:
    """Write a new key that its owner alone may read, and return its public half, for which backups are encrypted.

    Raises
    ------
    ConfigError
        If there is a file already.
    """
    from pyrage import x25519

    key = x25519.Identity.generate()
    public = str(key.to_public())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(f"'{path}' is there already: a key is never overwritten. {_way_on(path)}") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"# public key: {public}\n{key}\n")
        file.flush()
        os.fsync(file.fileno())  # no backup is ever there before its key
    sync_folder(path.absolute().parent)
    return public


def _way_on(path: Path) -> str:
    public = re.search(r"^# public key: (age1\w+)$", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return f"To encrypt for it: --for {public[1]}" if public else "It holds no key: name another file."


def encrypted_in(into: Path, backup: Path, public_keys: Sequence[str]) -> Path:
    """Write a backup as one encrypted file into a folder, and read again what was written.

    Parameters
    ----------
    into : Path
        Folder for backups.
    backup : Path
        Folder of the backup, elsewhere.
    public_keys : sequence of str
        Each who holds the private half of one can open it.

    Raises
    ------
    ConfigError
        If one is no public key of age, or there is such a file.
    StoreError
        If the file is not what was written.
    """
    from pyrage import encrypt_io

    recipients = [_recipient(one) for one in public_keys]
    into.mkdir(parents=True, exist_ok=True)
    target = into / f"{backup.name}{END}"
    if target.exists():
        raise ConfigError(f"There is a backup '{target}' already.")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _as_tar(backup) as tar, draft.open("xb") as file:
            written = _Hashing(file)
            encrypt_io(tar, written, recipients)
        sync(draft)
        if sha256_file(draft) != written.sha256.hexdigest():
            raise StoreError("The encrypted backup is not what was written: is the disk sound?")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def _recipient(public_key: str) -> x25519.Recipient:
    from pyrage import RecipientError, x25519

    try:
        return x25519.Recipient.from_str(public_key.strip())
    except RecipientError as error:
        text = f"'{public_key}' is no public key of age: it begins with 'age1'. 'qc backup --new-key FILE' makes one."
        raise ConfigError(text) from error


class _Hashing:
    """A file that hashes what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.sha256.update(content)
        return self._file.write(content)

    def flush(self) -> None:
        self._file.flush()


@contextmanager
def _as_tar(folder: Path) -> Iterator[IO[bytes]]:
    """Yield a folder as the bytes of a tar archive, written while they are read: no other copy lies on a disk."""
    reads, writes = os.pipe()

    def write() -> None:
        # Who reads may have stopped: the fault is told there.
        with suppress(OSError), os.fdopen(writes, "wb") as pipe, tarfile.open(fileobj=pipe, mode="w|") as tar:
            tar.add(folder, arcname=folder.name)

    thread = Thread(target=write, daemon=True)
    thread.start()
    with os.fdopen(reads, "rb") as pipe:
        yield pipe
    thread.join()


@contextmanager
def opened(backup: Path, key: Path | None, beside: Path) -> Iterator[Path]:
    """Yield the folder of a backup; one that is encrypted is opened into a folder that goes again.

    Parameters
    ----------
    key : Path or None
        File with the private key of an encrypted one.
    beside : Path
        Folder in which the opened one lies meanwhile; readable by its owner alone.

    Raises
    ------
    ConfigError
        If the key is missing, or does not open it, or the file was damaged.
    """
    if backup.is_dir():
        yield backup
        return
    private = _private(backup, key)
    with tempfile.TemporaryDirectory(prefix=".assaygate-", dir=beside) as scratch:
        yield _untarred(backup, private, Path(scratch))


def _private(backup: Path, key: Path | None) -> x25519.Identity:
    from pyrage import IdentityError, x25519

    if key is None:
        raise ConfigError(f"'{backup.name}' is encrypted: name the file with its private key by --key.")
    lines = key.read_text(encoding="utf-8").split()
    try:
        return x25519.Identity.from_str(next((line for line in lines if line.startswith(_PRIVATE)), ""))
    except IdentityError as error:
        raise ConfigError(f"'{key}' holds no private key of age.") from error


def _unpack(archive: tarfile.TarFile, place: Path) -> None:
    # By hand: Python before 3.11.4 has no filter that keeps links, devices and names that lead out of the folder away.
    place.mkdir()
    for member in archive:
        target = place / member.name
        if not (member.isfile() or member.isdir()) or not target.resolve().is_relative_to(place.resolve()):
            raise tarfile.TarError(f"'{member.name}' is neither a file nor a folder of a backup.")
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
        elif source := archive.extractfile(member):
            target.parent.mkdir(parents=True, exist_ok=True)
            with source, target.open("wb") as out:
                shutil.copyfileobj(source, out)
        target.chmod(member.mode & 0o777 | (0o700 if member.isdir() else 0))


def _untarred(backup: Path, private: x25519.Identity, scratch: Path) -> Path:
    from pyrage import DecryptError, decrypt_io

    tar = scratch / "backup.tar"
    try:
        with backup.open("rb") as file, tar.open("wb") as plain:
            decrypt_io(file, plain, [private])
        with tarfile.open(tar) as archive:
            _unpack(archive, scratch / "opened")
    except (DecryptError, OSError, tarfile.TarError) as error:
        raise ConfigError(f"'{backup.name}' is not opened by this key, or is damaged.") from error
    tar.unlink()
    (folder,) = (scratch / "opened").iterdir()
    return folder
