"""What a lab with data has lost, and the way back: nothing empty is ever made beside data."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Protocol

from qc.lab.rule_files import KEPT, kept_texts
from schemas.errors import ConfigError, Fault

BACKUP = "Restore the lab from a backup ('qc restore')."
LOST_LEDGER = (
    f"The ledger holds every decision and cannot be made again. {BACKUP} Without one, 'qc init --anew ledger' begins "
    "another: all decisions must be made again, and earlier releases are known by nobody."
)
LOST_FACTS = (
    "'qc rebuild' makes them again from archive and ledger: of each run the newest judgement, and none before it. "
    f"With those too: {BACKUP}"
)
LOST_SECRET = (
    f"{BACKUP} Without one, 'qc init --anew secret' makes another: pseudonyms and names of causes change, and "
    "decisions stand."
)


class Stores(Protocol):
    """Where the things of a lab lie that it cannot do without."""

    @property
    def root(self) -> Path:
        """Its folder."""

    @property
    def ledger(self) -> Path:
        """Its ledger."""

    @property
    def facts(self) -> Path:
        """Its facts."""

    @property
    def blind_secret(self) -> Path:
        """Its secret."""

    @property
    def archive(self) -> Path:
        """Its originals."""

    @property
    def releases(self) -> Path:
        """Its releases."""


def lost_stores(paths: Stores) -> Iterator[Fault]:
    """Yield each store that a lab with data lacks, with the way back."""
    if not _holds_data(paths):
        return
    for path, way_back in (
        (paths.ledger, LOST_LEDGER),
        (paths.facts, LOST_FACTS),
        (paths.blind_secret, LOST_SECRET),
    ):
        if not path.is_file():
            yield Fault(path.name, f"It is lost, and the lab holds data. {way_back}")


def _holds_data(paths: Stores) -> bool:
    archived = paths.archive.is_dir() and any(_is_original(path) for path in paths.archive.iterdir())
    return archived or (paths.releases.is_dir() and any(path.is_dir() for path in paths.releases.iterdir()))


def _is_original(path: Path) -> bool:
    return path.is_file() and len(path.name) == 64


_KIND = {"ledger.sqlite": "ledger", ".blind_secret": "secret"}


def refuse_lost(paths: Stores, anew: Collection[str] = ()) -> None:
    """Refuse to go on where a store is lost.

    Parameters
    ----------
    anew : collection of str
        What may be made anew: ``ledger``, ``secret``.

    Raises
    ------
    ConfigError
        Naming each that is lost, with the way back.
    """
    lost = [fault for fault in lost_stores(paths) if _KIND.get(fault.where) not in anew]
    if lost:
        raise ConfigError(f"'{paths.root}' has lost what it cannot do without; nothing was made in its place.", lost)


def way_back_of_settings(archive: Path) -> str:
    """Say how a lost or broken qc.toml comes back."""
    if kept_settings(archive) is None:
        return f"{BACKUP} Or write one: 'qc init' in an empty folder shows how it begins."
    return "'qc init FOLDER --anew settings' writes it as it was when facts were last written."


def kept_settings(archive: Path) -> str | None:
    """Return qc.toml as it was when facts were last written; None if nothing was kept."""
    kept = [path for path in (archive / KEPT).glob("*") if not path.name.startswith(".")]
    newest = sorted(kept, key=lambda path: path.stat().st_mtime, reverse=True)
    sound = (texts for path in newest if (texts := kept_texts(archive, path.name)) is not None)
    return next(sound, {}).get("qc.toml")
