"""Versions of what is installed, and packages of others that stand before ours."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from schemas.errors import Fault

_OURS = ("qc", "schemas", "checks", "tui")
_MARKS = ("qc/version.py", "schemas/errors.py", "checks/registry.py")
_DISTRIBUTION = "assaygate"


def version_faults(requirements: Iterable[str] | None = None) -> Iterator[Fault]:
    """Tell of libraries that are missing, or of a version that Assaygate was never tried with.

    Parameters
    ----------
    requirements : iterable of str, optional
        What is needed; what the installed Assaygate says, if not given.
    """
    from packaging.requirements import Requirement

    for line in _requirements() if requirements is None else requirements:
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            yield Fault("packages", f"'{wanted.name}' is not installed: pip install '{wanted}'.")
            continue
        if not wanted.specifier.contains(version, prereleases=True):
            text = f"'{wanted.name}' {version} is installed, and {wanted.specifier} is needed: pip install '{wanted}'."
            yield Fault("packages", text)


def _requirements() -> list[str]:
    try:
        return metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []  # run from a checkout that nobody installed


def shadow_faults(search_path: Iterable[str] | None = None) -> Iterator[Fault]:
    """Tell of other packages of the same names that Python could find before ours, or finds behind them.

    Parameters
    ----------
    search_path : iterable of str, optional
        Folders in which Python looks; ``sys.path``, if not given.
    """
    home = Path(__file__).resolve().parents[3]
    for folder in dict.fromkeys(sys.path if search_path is None else search_path):
        place = Path(folder or ".").resolve()
        if place == home or all((place / path).is_file() for path in _MARKS):
            continue  # ours, or another copy of ours
        for name in _OURS:
            found = [path for path in (place / name / "__init__.py", place / f"{name}.py") if path.is_file()]
            if found and found[0].resolve().parent.parent != home:
                text = (
                    f"Another package of the name '{name}' lies there: whichever Python finds first is taken. Install "
                    "Assaygate in an environment of its own."
                )
                yield Fault(str(found[0]), text)
