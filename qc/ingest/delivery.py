"""What is handed in together: a file, its run sheet and its plate map."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemas.errors import ConfigError
from schemas.toml_file import toml_tree

RUN_SHEET_SUFFIX = ".run.toml"
_LARGEST_SHEET_BYTES = 10_000_000
"""Size beyond which a run sheet is not looked into for the names of its files: none is so long."""
MAP_SUFFIXES = (".map.csv", ".map.tsv", ".map.txt", ".map.xlsx")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a delivery, as it was when it was read."""

    part: str
    """``main``, ``plate_map``, ``run_sheet``, ``mapping`` or ``words``."""
    name: str
    """Name of the file, without its folder."""
    content: bytes
    """Every byte of it."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, as 64 hex digits."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Files that make sense only together; taken in or refused as a whole."""

    main: Part
    """Export, table or sheet."""
    plate_map: Part | None = None
    """Which sample sits in which well."""
    run_sheet: Part | None = None
    """What the export does not say of its run."""
    mapping: Part | None = None
    """What the columns of a foreign table are: the file of ``mappings/`` that fits it."""
    words: Part | None = None
    """``words.toml`` of the lab, as it was when the delivery was read; None where it declares nothing."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts that name the delivery, the main one first."""
        several = (self.main, self.plate_map, self.run_sheet, self.mapping)
        return tuple(part for part in several if part is not None)

    @property
    def archived_parts(self) -> tuple[Part, ...]:
        """All that is needed to read it again as it was read: its parts, and the words of the lab."""
        # The words are no part of what was handed in: the same file is known, whatever the lab calls things today.
        return (*self.parts, *([self.words] if self.words else []))

    @classmethod
    def of(cls, parts: Mapping[str, Part]) -> Delivery:
        """Return the delivery of parts by what they are; ``KeyError`` if there is no main one."""
        return cls(parts["main"], *(parts.get(name) for name in ("plate_map", "run_sheet", "mapping", "words")))

    @property
    def sha256(self) -> str:
        """Hash that names the delivery: that of its only file, else of the list of its parts."""
        # So a file that comes alone is known by the hash that anybody can compute of it.
        if len(self.parts) == 1:
            return self.main.sha256
        listed = "".join(f"{part.part} {part.sha256}\n" for part in self.parts)
        return hashlib.sha256(listed.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class DeliveryPaths:
    """Where the files of one delivery lie."""

    main: Path
    """Export, table or sheet."""
    plate_map: Path | None = None
    """Plate map, if there is one."""
    run_sheet: Path | None = None
    """Run sheet, if there is one."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Run settings from the command line; they win over the run sheet."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """All paths, the main one first."""
        return tuple(path for path in (self.main, self.plate_map, self.run_sheet) if path is not None)


def deliveries_in(paths: Iterable[Path]) -> list[DeliveryPaths]:
    """Group files into deliveries.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders; a folder means every file in it, hidden ones left out.

    Returns
    -------
    list of DeliveryPaths
        One for each main file, sorted by what it is (sheets before runs) and by name. A run sheet
        ``P1.run.toml`` belongs to ``P1.*`` or to the file that it names; so does a plate map ``P1.map.csv``.
    """
    files = _files(paths)
    found: dict[Path, DeliveryPaths] = {}
    beside = _Beside()
    for file in files:
        main = beside.main_of(file)
        if main not in found:
            found[main] = DeliveryPaths(main, beside.map_of(main), beside.run_sheet_of(main))
    # What a run sheet belongs to is a run: it comes after the sheets that name its samples and controls.
    return sorted(found.values(), key=lambda files: (files.run_sheet is not None, str(files.main)))


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        # A link that somebody names is meant; one that lies in a folder is not followed, wherever it leads.
        inside: Sequence[Path] = (
            sorted(path.rglob("*")) if path.is_dir() else [path.resolve() if path.is_symlink() else path]
        )
        files += [file for file in inside if not _is_folder(file) and not file.name.startswith(".")]
    return files


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def is_regular(path: Path) -> bool:
    """Tell whether a path is a file that ends: no link, pipe, device or socket, and not gone."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def kind_of(path: Path) -> str:
    """Say what a path is that is no file."""
    try:
        mode = path.lstat().st_mode
        target = f" to '{shown_name(path.readlink())}'" if stat.S_ISLNK(mode) else ""
    except OSError:
        return "It is gone."
    kinds = {stat.S_IFLNK: "a link", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a folder"}
    what = kinds.get(stat.S_IFMT(mode), "a device")
    return f"It is {what}{target}: put the file itself into the inbox."


def shown_name(path: Path) -> str:
    """Return the name of a file as text, whatever bytes it is made of."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def content_of(path: Path) -> bytes:
    """Return every byte of a file; a pipe or a link that has taken its place meanwhile is not opened.

    Raises
    ------
    OSError
        If it cannot be opened, or is no file.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(None, "it is no file")
        return file.read()


def _is_run_sheet(file: Path) -> bool:
    return file.name.endswith(RUN_SHEET_SUFFIX)


def _is_map(file: Path) -> bool:
    return file.name.lower().endswith(MAP_SUFFIXES)


class _Beside:
    """What lies beside a file, looked up once a folder: a night may find thousands of files."""

    def __init__(self) -> None:
        self._by_stem: dict[Path, dict[str, list[Path]]] = {}
        self._run_sheets: dict[Path, list[tuple[Path, Path | None, Path | None]]] = {}

    def main_of(self, file: Path) -> Path:
        if _is_run_sheet(file):
            return _named(file, "export") or self._sibling(file, file.name.removesuffix(RUN_SHEET_SUFFIX)) or file
        if _is_map(file):
            stem = file.name[: file.name.lower().rindex(".map.")]
            return self._sibling(file, stem) or self._user_of(file) or file
        return file

    def map_of(self, main: Path) -> Path | None:
        sheet = self.run_sheet_of(main)
        named = _named(sheet, "map") if sheet else None
        beside = [main.with_name(main.stem + suffix) for suffix in MAP_SUFFIXES]
        return named or next((path for path in beside if os.path.lexists(path)), None)

    def run_sheet_of(self, main: Path) -> Path | None:
        beside = main.with_name(main.stem + RUN_SHEET_SUFFIX)
        if os.path.lexists(beside) and beside != main:
            return beside
        return next((sheet for sheet, export, _ in self._sheets(main.parent) if export == main != sheet), None)

    def _sibling(self, file: Path, stem: str) -> Path | None:
        others = self._stems(file.parent).get(stem, ())
        return next((path for path in others if not _is_map(path) and not _is_run_sheet(path)), None)

    def _user_of(self, map_file: Path) -> Path | None:
        return next((export for _, export, named in self._sheets(map_file.parent) if named == map_file), None)

    def _stems(self, folder: Path) -> dict[str, list[Path]]:
        if folder not in self._by_stem:
            found: dict[str, list[Path]] = {}
            for path in sorted(folder.iterdir()):
                if path.suffix:
                    found.setdefault(path.stem, []).append(path)
            self._by_stem[folder] = found
        return self._by_stem[folder]

    def _sheets(self, folder: Path) -> list[tuple[Path, Path | None, Path | None]]:
        if folder not in self._run_sheets:
            sheets = sorted(folder.glob(f"*{RUN_SHEET_SUFFIX}"))
            self._run_sheets[folder] = [(one, _named(one, "export"), _named(one, "map")) for one in sheets]
        return self._run_sheets[folder]


def _named(sheet: Path, key: str) -> Path | None:
    # A run sheet that is not TOML is told by the reader; here it merely names no file.
    try:
        if sheet.lstat().st_size > _LARGEST_SHEET_BYTES:
            return None
        plate = toml_tree(content_of(sheet).decode("utf-8"), sheet.name).get("plate", {})
    except (OSError, UnicodeDecodeError, ConfigError):
        return None
    name = plate.get(key) if isinstance(plate, Mapping) else None
    # A path in a run sheet could point anywhere on the disk: only a name beside the sheet is taken.
    if not isinstance(name, str) or Path(name).name != name:
        return None
    path = sheet.with_name(name)
    return path if os.path.lexists(path) else None
