"""A lab: the folder that holds everything, and what one can do with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from qc.api.bench_verbs import BenchVerbs
from qc.api.people_verbs import PeopleVerbs
from qc.api.release_verbs import ReleaseVerbs
from qc.api.review_verbs import ReviewVerbs
from qc.lab.layout import LabPaths, find_lab
from qc.lab.layout import init_lab as make_folder
from qc.lab.settings_file import read_settings


class Lab(BenchVerbs, ReviewVerbs, PeopleVerbs, ReleaseVerbs):
    """One lab. Every method opens what it needs, does one thing and closes it again."""


def open_lab(folder: str | Path | None = None) -> Lab:
    """Open a lab.

    Parameters
    ----------
    folder : str or Path, optional
        Folder of the lab; None means QC_LAB, else the folder upward that holds qc.toml.

    Returns
    -------
    Lab
        The lab.

    Raises
    ------
    ConfigError
        If there is no lab, or its qc.toml is faulty.
    """
    import os

    root = find_lab(Path(folder) if folder is not None else None, os.environ)
    paths = LabPaths.of(root)
    return Lab(paths, read_settings(paths.settings))


def init_lab(
    folder: str | Path,
    *,
    name: str = "",
    settings: Mapping[str, str] | None = None,
    anew: Collection[str] = (),
) -> Lab:
    """Make the folder of a lab, or fill in what is missing in one.

    Parameters
    ----------
    folder : str or Path
        Where; a folder that holds other things is refused.
    name : str
        Name of the lab; empty means the name of the folder.
    settings : mapping of str to str, optional
        Settings to write into qc.toml, such as ``{"lab.label": "SYNTHETIC"}``.
    anew : collection of str
        What may be made anew though the lab holds data: ``ledger``, ``secret``. It is lost, and there is no backup.

    Returns
    -------
    Lab
        The lab.

    Raises
    ------
    ConfigError
        If the folder holds other things, or a lab with data has lost its ledger, its facts or its secret.
    """
    root = Path(folder)
    make_folder(root, name=name or root.resolve().name, anew=anew)
    if settings:
        _set(LabPaths.of(root).settings, settings)
    return open_lab(root)


def _set(path: Path, settings: Mapping[str, str]) -> None:
    from qc.lab.settings_edit import with_settings

    path.write_text(with_settings(path.read_text(encoding="utf-8"), settings), encoding="utf-8")
