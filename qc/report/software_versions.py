"""Versions of what judged, released and tested."""

from __future__ import annotations

from typing import Any

from checks.contrasts.frozen_release import Release


def versions(release: Release) -> dict[str, str]:
    """Return the versions of what judged, released and tested.

    Parameters
    ----------
    release : Release
        Release with the versions it was made with, if its manifest names them.

    Returns
    -------
    dict of str to str
        Version by name; those of the tests where the manifest is silent.
    """
    from importlib.metadata import PackageNotFoundError, version

    from qc.version import __version__

    found: dict[str, str] = {"assaygate": __version__}
    for name in ("numpy", "scipy", "polars", "matplotlib"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not known"
    written: Any = release.manifest.get("software", {})  # Any: a manifest is JSON
    return {str(name): str(number) for name, number in dict(written).items()} | found
