"""``mappings/`` of a lab: what the columns of foreign tables are, one TOML file a shape."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from qc.lab.catalogue.catalogue_files import texts_of_folder
from schemas.errors import ConfigError, Fault

if TYPE_CHECKING:
    from qc.lab.layout import LabPaths
    from schemas.file_mapping import FileMapping


def lab_mappings(paths: LabPaths) -> Mapping[str, str]:
    """Return the mappings of a lab, as texts by file name.

    Raises
    ------
    ConfigError
        If a file cannot be read, or with every fault of every mapping.
    """
    texts = texts_of_folder(paths.mappings)
    faults: list[Fault] = []
    for name, text in texts.items():
        try:
            mapping_of(text, name)
        except ConfigError as error:
            own = error.faults or [Fault("", error.message)]
            faults += [Fault(f"mappings/{name} {one.where}".strip(), one.text) for one in own]
    if faults:
        raise ConfigError("The mappings of the lab have faults.", faults)
    return texts


@lru_cache(maxsize=64)
def mapping_of(text: str, name: str) -> FileMapping:
    """Return a mapping by its text."""
    from schemas.file_mapping import read_mapping

    return read_mapping(text, name)
