"""Versions of the libraries that a result rests on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("duckdb", "great_expectations", "numpy", "pandera", "polars", "scipy")


def library_versions() -> dict[str, str]:
    """Return the installed versions of the libraries that compute or judge.

    Returns
    -------
    dict of str to str
        Version by name; ``absent`` where a library is not installed.
    """
    return {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
