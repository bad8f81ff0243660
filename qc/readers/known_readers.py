"""All readers: those of the folder ``formats``, found by walking it."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.readers.protocol import Reader


@cache
def readers() -> Mapping[str, Reader]:
    """Find every reader.

    Returns
    -------
    mapping of str to Reader
        Reader by name, in order of name.
    """
    import qc.readers.formats

    modules = pkgutil.iter_modules(qc.readers.formats.__path__, "qc.readers.formats.")
    found = [getattr(import_module(module.name), "READER", None) for module in modules]
    by_name: dict[str, Reader] = {reader.name: reader for reader in found if reader is not None}
    return MappingProxyType(dict(sorted(by_name.items())))
