"""The folder of a lab: what lies where, how it is found, how it is made."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from qc.lab.blinding import make_secret
from qc.lab.file_system import network_fault
from qc.lab.lost_stores import BACKUP, kept_settings, refuse_lost, way_back_of_settings
from qc.lab.settings_edit import with_settings
from qc.lab.settings_file import read_settings
from schemas.errors import ConfigError

SETTINGS_NAME = "qc.toml"
WORDS_NAME = "words.toml"
FOLDER_MODE, STORE_MODE = 0o750, 0o640
"""Rights of folders and stores at most, for the owner and the group. Where the group may write the folder, it may write
the stores."""
SET_ASIDE = "set-aside"
"""Folder for what was in the way; nothing is deleted."""
_DRAFT = ".draft"  # what a cut-off start may leave behind
_OWN_FILES = {
    "catalogue": "Own analytes and limits, one TOML file an analyte; 'qc catalogue check' reads them.",
    "mappings": "What foreign tables mean, one TOML file a shape; 'qc map FILE' writes one.",
    "kits": "Kits that are used again, one TOML file each; 'qc new run FILE --kit NAME' takes one.",
    "profiles": "Own acceptance profiles, one TOML file each; 'qc rules check' reads them and names what is wrong.",
    "suites": "Own expectation suites, TOML or JSON; qc.toml names the ones that are asked.",
}
FOLDERS = (
    "inbox",
    "quarantine",
    "archive",
    "catalogue",
    "mappings",
    "kits",
    "profiles",
    "suites",
    "releases",
    "reports",
)
"""Folders that every lab has."""


@dataclass(frozen=True, slots=True)
class LabPaths:
    """Where the things of one lab lie."""

    root: Path
    """Folder of the lab."""
    settings: Path
    """``qc.toml``: settings."""
    reasons: Path
    """``reasons.toml``: coded reasons of decisions."""
    words: Path
    """``words.toml``: what the lab's files call columns, analytes, units and results."""
    blind_secret: Path
    """``.blind_secret``: secret of the pseudonyms, readable by its owner only."""
    facts: Path
    """``facts.duckdb``: only :class:`qc.store.facts.Facts` opens it."""
    ledger: Path
    """``ledger.sqlite``: what people did."""
    inbox: Path
    """Files for the next night."""
    quarantine: Path
    """Refused files, each with its reasons."""
    archive: Path
    """Every original, named by its SHA-256."""
    catalogue: Path
    """Own analytes and limits."""
    mappings: Path
    """What foreign tables mean."""
    kits: Path
    """Templates of run sheets and plate maps of kits that are used again."""
    profiles: Path
    """Own acceptance profiles."""
    suites: Path
    """Own expectation suites."""
    releases: Path
    """Frozen, approved results."""
    reports: Path
    """Pages and summaries."""

    @classmethod
    def of(cls, root: Path) -> LabPaths:
        """Return the paths of the lab in a folder.

        Returns
        -------
        LabPaths
            Absolute paths; nothing is looked at.
        """
        home = root.absolute()
        return cls(
            root=home,
            settings=home / SETTINGS_NAME,
            reasons=home / "reasons.toml",
            words=home / WORDS_NAME,
            blind_secret=home / ".blind_secret",
            facts=home / "facts.duckdb",
            ledger=home / "ledger.sqlite",
            **{name: home / name for name in FOLDERS},
        )


def find_lab(start: Path | None, env: Mapping[str, str]) -> Path:
    """Find the folder of the lab that is meant.

    Parameters
    ----------
    start : Path or None
        Folder that was named; None means QC_LAB, else the working folder or the nearest one above that holds qc.toml.

    Returns
    -------
    Path
        Folder that holds a ``qc.toml``.

    Raises
    ------
    ConfigError
        If there is no lab there.
    """
    named = start if start is not None else Path(env["QC_LAB"]) if env.get("QC_LAB") else None
    if named is not None:
        if not (named / SETTINGS_NAME).is_file():
            source = "" if start is not None else " that QC_LAB names"
            raise ConfigError(
                f"The folder '{named}'{source} holds no qc.toml: run `qc init '{named}'` to make a lab of it."
            )
        return named
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_NAME).is_file():
            return folder
    raise ConfigError(
        f"No lab was found in '{here}' or above it: name one with --lab or QC_LAB, or make one with `qc init`."
    )


def init_lab(folder: Path, *, name: str, anew: Collection[str] = ()) -> LabPaths:
    """Make the folder of a lab, or fill in what is missing in one; what is there is never overwritten.

    Parameters
    ----------
    folder : Path
        Where; it need not exist.
    anew : collection of str
        What may be made anew though the lab holds data: ``ledger``, ``secret``, ``settings``.

    Raises
    ------
    ConfigError
        If the folder holds other things, cannot be made, its qc.toml is faulty, or a store of a lab with data is lost.
    StoreError
        If the stores cannot be made or brought up to date.
    """
    paths = LabPaths.of(folder)
    if "settings" in anew:
        _write_kept_settings(paths)
    _refuse_strangers(paths)
    _refuse_network(paths)
    try:
        paths.root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        # First of all: a folder that holds a qc.toml is a lab, so that a cut-off start can be repeated.
        _write_new(paths.settings, with_settings(_starter(SETTINGS_NAME), {"lab.name": name}))
        for room in FOLDERS:
            (paths.root / room).mkdir(mode=FOLDER_MODE, exist_ok=True)
        for room, line in _OWN_FILES.items():
            _write_new(paths.root / room / "README.md", f"{line}\n")
        _write_new(paths.reasons, _starter("reasons.toml"))
        _write_new(paths.words, _starter(WORDS_NAME))
        refuse_lost(paths, anew)
        make_secret(paths.blind_secret)
    except OSError as error:
        raise ConfigError(f"The lab '{paths.root}' cannot be made: {error.strerror}.") from error
    _make_stores(paths)
    return paths


def _refuse_network(paths: LabPaths) -> None:
    fault = network_fault(paths.root)
    if fault is not None and not paths.settings.exists():
        raise ConfigError(f"No lab can be made in '{paths.root}'. {fault.text}")


def _write_kept_settings(paths: LabPaths) -> None:
    text = kept_settings(paths.archive)
    if text is None:
        raise ConfigError(f"No qc.toml was kept in '{paths.archive}'. {BACKUP}")
    if paths.settings.exists():
        target = paths.root / SET_ASIDE / f"{SETTINGS_NAME}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        target.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
        paths.settings.replace(target)
    _write_new(paths.settings, text)


def _refuse_strangers(paths: LabPaths) -> None:
    if paths.root.exists() and not paths.root.is_dir():
        raise ConfigError(f"'{paths.root}' is a file: name a folder.")
    if not paths.root.is_dir() or paths.settings.is_file():
        return
    if paths.facts.is_file() or paths.ledger.is_file():
        raise ConfigError(f"'{paths.root}' is a lab whose qc.toml is lost. {way_back_of_settings(paths.archive)}")
    if any(entry.suffix != _DRAFT for entry in paths.root.iterdir()):
        raise ConfigError(
            f"The folder '{paths.root}' holds other things and no qc.toml: name an empty folder or a lab."
        )


def _write_new(path: Path, text: str) -> None:
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}{_DRAFT}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _starter(name: str) -> str:
    return (resources.files("qc.lab") / "starter" / name).read_text(encoding="utf-8")


def _make_stores(paths: LabPaths) -> None:
    from qc.store.facts import Facts
    from qc.store.ledger import Ledger
    from qc.version import __version__

    wait_s = read_settings(paths.settings).stores.wait_s
    new = [path for path in (paths.facts, paths.ledger) if not path.exists()]
    Facts(paths.facts, wait_s=wait_s).migrate(software=f"assaygate {__version__}")
    Ledger(paths.ledger, wait_s=wait_s).create()
    for path in new:
        path.chmod(path.stat().st_mode & STORE_MODE | paths.root.stat().st_mode & stat.S_IWGRP)
