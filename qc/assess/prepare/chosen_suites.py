"""Which suites judge the runs of a lab: those that qc.toml names, and its own files that say their matrix."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from qc.lab.catalogue.catalogue_files import texts_of_folder
from schemas.errors import ConfigError, Fault

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

SUFFIXES = (".toml", ".json")
"""Endings of suite files."""


def chosen_suites(lab: LabFolder) -> list[tuple[str, str]]:
    """Return matrix and text of every suite of a lab.

    Returns
    -------
    list of tuple of (str, str)
        Those of qc.toml first, in its order; then the lab's own files that state a matrix, by name.

    Raises
    ------
    ConfigError
        If a suite is not there or faulty; every fault of every file is named.
    """
    from checks.expectations.suite_file import load_suite

    own = texts_of_folder(lab.paths.suites, SUFFIXES)
    chosen: list[tuple[str, str]] = []
    named: set[str] = set()
    for matrix, names in lab.settings.assess.suites.items():
        for name in [names] if isinstance(names, str) else names:
            file_name = next((f"{name}{end}" for end in SUFFIXES if f"{name}{end}" in own), "")
            named.add(file_name)
            chosen.append((matrix, own[file_name] if file_name else _shipped(name)))
    faults = suite_faults(own)
    if faults:
        raise ConfigError("The suites of the lab have faults.", faults)
    rest = [(load_suite(text).matrix, text) for file_name, text in own.items() if file_name not in named]
    return chosen + [(matrix, text) for matrix, text in rest if matrix]


def suite_faults(own_texts: dict[str, str]) -> list[Fault]:
    """Return what is wrong with suite files.

    Parameters
    ----------
    own_texts : dict of str to str
        Text by file name.
    """
    from checks.expectations.suite_file import load_suite

    faults: list[Fault] = []
    for file_name, text in own_texts.items():
        try:
            load_suite(text)
        except ConfigError as error:
            own = error.faults or (Fault("", error.message),)
            faults += [Fault(f"file '{file_name}', {fault.where}".removesuffix(", "), fault.text) for fault in own]
    return faults


def _shipped(name: str) -> str:
    shipped = resources.files("checks") / "expectations" / f"{name}.toml"
    if not shipped.is_file():
        raise ConfigError(f"Suite '{name}' of qc.toml is neither in the lab's suites/ nor shipped.")
    return shipped.read_text(encoding="utf-8")
