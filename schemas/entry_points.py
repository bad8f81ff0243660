"""What other packages offer under an entry-point group: a lab's own readers and rules, without a fork.

Nothing is taken on trust: what cannot be loaded, or carries a name that is taken, is refused in a sentence that names
the distributions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from schemas.errors import ConfigError, Fault

SHIPPED = "assaygate"
"""Distribution of all that is shipped."""
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Origin:
    """The distribution that something comes from."""

    name: str
    """Its name."""
    version: str
    """Its version."""

    def __str__(self) -> str:
        """Return both as they stand in a sentence."""
        return f"'{self.name}' {self.version}"


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry point, loaded."""

    where: str
    """Place for a fault."""
    target: object
    """What it names: a module, or an object of one."""
    origin: Origin
    """Distribution that offers it."""


def has_offers(group: str) -> bool:
    """Tell whether any package offers something; loads nothing.

    Parameters
    ----------
    group : str
        Entry-point group: ``qc.readers``, ``qc.rules``.

    Returns
    -------
    bool
        True if so.
    """
    return bool(entry_points(group=group))


def offers(group: str, faults: list[Fault]) -> list[Offer]:
    """Load what other packages offer.

    Parameters
    ----------
    group : str
        Entry-point group: ``qc.readers``, ``qc.rules``.
    faults : list of Fault
        An entry point that cannot be loaded is added to it.

    Returns
    -------
    list of Offer
        Those that could be loaded, in order of distribution and name.
    """
    entries = sorted(entry_points(group=group), key=lambda entry: (_origin(entry).name, entry.name))
    return [offer for entry in entries if (offer := _loaded(entry, faults)) is not None]


def _origin(entry: EntryPoint) -> Origin:
    return Origin(entry.dist.name, entry.dist.version) if entry.dist else Origin("unknown", "")


def _loaded(entry: EntryPoint, faults: list[Fault]) -> Offer | None:
    origin = _origin(entry)
    where = f"entry point '{entry.name}' of group '{entry.group}' in {origin}"
    try:
        return Offer(where, entry.load(), origin)
    except Exception as error:  # noqa: BLE001 - a package of others may break in any way while it is imported
        text = f"'{entry.value}' cannot be loaded ({type(error).__name__}: {error}). Mend or uninstall the package."
        faults.append(Fault(where, text))
        return None


def joined(
    kind: str, shipped: Mapping[str, Value], offered: Sequence[tuple[str, Value, Origin]], faults: list[Fault]
) -> dict[str, Value]:
    """Put what others offer beside what is shipped, each under a name of its own.

    Parameters
    ----------
    kind : str
        What it is, for a sentence: ``Reader``.
    shipped : mapping of str to object
        What is shipped, by name.
    offered : sequence of tuple
        Name, object and distribution of what others offer; what is shipped may be among it, and is passed over.
    faults : list of Fault
        Faults so far; a name that is taken is added to it.

    Returns
    -------
    dict of str to object
        All of it by name, in order of name.

    Raises
    ------
    ConfigError
        If there is a fault; all are named.
    """
    together = dict(shipped)
    owners = dict.fromkeys(shipped, f"'{SHIPPED}'")
    for name, value, origin in offered:
        if name not in together:
            together[name], owners[name] = value, str(origin)
        elif together[name] is not value:
            text = f"{kind} '{name}' is offered by {owners[name]} and by {origin}. Rename one, or uninstall a package."
            faults.append(Fault("", text))
    if faults:
        raise ConfigError("An installed package does not fit Assaygate.", faults)
    return dict(sorted(together.items()))
