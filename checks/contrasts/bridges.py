"""What a laboratory showed to give the same numbers, as a release carries it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.bridging import Bridging, bridged_name


def bridging_of(manifest: Mapping[str, Any]) -> tuple[Bridging, ...]:
    """Read the bridging records that a release carries.

    Parameters
    ----------
    manifest : mapping of str to Any
        Manifest of a release; ``bridging`` is a list of records, or absent.

    Returns
    -------
    tuple of Bridging
        Records; empty where the release carries none. A record without its three names is left out: it bridges nothing.
    """
    names = ("kind", "first", "second", "analyte", "matrix")
    records = manifest.get("bridging") or ()
    return tuple(
        Bridging(*(str(record.get(name) or "") for name in names))
        for record in records
        if isinstance(record, Mapping) and all(record.get(name) for name in names[:3])
    )


def is_bridged(records: Iterable[Bridging], kind: str, names: tuple[str, str], analyte: str, matrix: str) -> bool:
    """Tell whether two platforms, methods or lots are held together, directly or through others.

    Parameters
    ----------
    records : iterable of Bridging
        Records of the lab.
    kind : str
        What is asked for.
    names : tuple of str
        The two names.
    analyte : str
        Analyte id.
    matrix : str
        Matrix id.

    Returns
    -------
    bool
        True for equal names, and where records lead from the one to the other.

    Examples
    --------
    >>> records = [Bridging("platform", "A", "B"), Bridging("platform", "C", "B")]
    >>> [is_bridged(records, kind, ("A", "C"), "nfl", "csf") for kind in ("platform", "method")]
    [True, False]
    """
    one, other = (bridged_name(records, kind, name, analyte, matrix) for name in names)
    return one == other
