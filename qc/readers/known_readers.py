"""All readers: those of the folder ``formats``, found by walking it, and those that other packages offer."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache, wraps
from importlib import import_module
from inspect import signature
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, cast  # Any: whatever a package of others offers

from schemas.entry_points import Offer, Origin, has_offers, joined, offers
from schemas.errors import Fault, QcError, ReaderError

if TYPE_CHECKING:
    from qc.readers.protocol import Reader

GROUP = "qc.readers"
"""Entry-point group under which a package offers a reader: a module with ``READER``, or the object itself."""
_ALWAYS = ("name", "version", "is_plate", "claim")
_OF_KIND = {True: ("plates", "instrument"), False: ("read",)}
_TELLING = ("read", "plates", "own_map", "own_run")
"""Acts of a reader that say in an account what became of each cell."""


@cache
def readers() -> Mapping[str, Reader]:
    """Find every reader.

    Returns
    -------
    mapping of str to Reader
        Reader by name, in order of name.

    Raises
    ------
    ConfigError
        If a reader of another package cannot be loaded, is no reader, or has the name of another.
    """
    from qc.readers import formats

    modules = pkgutil.iter_modules(formats.__path__, "qc.readers.formats.")
    found = [getattr(import_module(module.name), "READER", None) for module in modules]
    shipped: dict[str, Reader] = {reader.name: reader for reader in found if reader is not None}
    faults: list[Fault] = []
    offered = [reader for offer in offers(GROUP, faults) for reader in _offered(offer, faults)]
    return MappingProxyType(joined("Reader", shipped, offered, faults))


def refuse_unfit_packages() -> None:
    """Refuse to begin while a reader of another package is broken; costs nothing where there is none.

    Raises
    ------
    ConfigError
        As ``readers`` does.
    """
    if has_offers(GROUP):
        readers()


def _offered(offer: Offer, faults: list[Fault]) -> list[tuple[str, Reader, Origin]]:
    reader = getattr(offer.target, "READER", None) if isinstance(offer.target, ModuleType) else offer.target
    lacking = _lacking(reader)
    if lacking or isinstance(reader, type):
        words = f"it lacks {', '.join(lacking)}" if lacking else "it is a class and not an object of it"
        faults.append(Fault(offer.where, f"It gives no reader as qc.readers.protocol describes: {words}."))
        return []
    guarded = cast("Reader", _Guarded(reader, offer.origin))
    return [(guarded.name, guarded, offer.origin)]


def _lacking(reader: object) -> list[str]:
    of_kind = _OF_KIND[bool(getattr(reader, "is_plate", False))] if hasattr(reader, "is_plate") else ()
    lacking = [name for name in (*_ALWAYS, *of_kind) if not hasattr(reader, name)]
    acts = [(name, getattr(reader, name)) for name in _TELLING if callable(getattr(reader, name, None))]
    return lacking + [f"'account' as the last argument of '{name}'" for name, act in acts if not _takes_account(act)]


def _takes_account(act: Callable[..., Any]) -> bool:
    return list(signature(act).parameters)[-1:] == ["account"]


class _Guarded:
    """A reader of another package: where it stops with a fault of its own, its file is refused and the rest go on."""

    def __init__(self, reader: Any, origin: Origin) -> None:
        self._reader, self._origin = reader, origin

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._reader, name)
        return self._guarded(value) if callable(value) else value

    def _guarded(self, act: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(act)
        def guarded(*arguments: Any) -> Any:
            try:
                return act(*arguments)
            except QcError:
                raise
            except Exception as error:
                # Code of others may break in any way on any file; caught here, only that file is refused.
                text = f"Reader '{self._reader.name}' of {self._origin} stopped with a fault of its own"
                raise ReaderError(f"{text} ({type(error).__name__}). Tell whoever made it.") from error

        return guarded
