"""The nights that a lab has kept, each in a few numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qc.nights.page.earlier_nights import NAME_FORMAT
from qc.nights.page.night_page import Outcome
from schemas.errors import ConfigError
from schemas.json_model import TO_THE_SECOND, JsonModel

MOST_NIGHTS = 400
"""Nights of the index: more than a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNight(JsonModel):
    """One night in a few numbers."""

    json_time_format = TO_THE_SECOND

    night: str
    """Name of the night, and of its files in ``reports/nights``."""
    began_at: datetime
    """When it began, in UTC."""
    outcome: Outcome
    """How it ended."""
    headline: str
    """What mattered first."""
    n_files: int
    """Files that were taken in."""
    n_refused: int
    """Files that were refused."""
    n_runs: int
    """Runs that were judged."""
    n_new: int
    """Things to settle that were new or worse."""
    n_waiting: int
    """Things to settle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightList(JsonModel):
    """The nights of a lab."""

    lab: str
    """Name of the lab."""
    index: Path
    """Page over the nights."""
    nights: tuple[KeptNight, ...]
    """Newest first."""


def nights_kept(folder: Path) -> tuple[KeptNight, ...]:
    """Read the nights of a folder, newest first; one that cannot be read is left out."""
    newest = sorted(folder.glob("*.json"), reverse=True)[:MOST_NIGHTS]
    return tuple(night for night in map(_night, newest) if night is not None)


def night_named(folder: Path, name: str) -> Path:
    """Return the page of one night.

    Parameters
    ----------
    name : str
        Name of the night, the begin of it that only one has, or ``last``.

    Raises
    ------
    ConfigError
        If no night, or more than one, is called so.
    """
    names = sorted(path.stem for path in folder.glob("*.json"))
    found = names[-1:] if name == "last" else [one for one in names if one.startswith(name)]
    if len(found) != 1:
        several = f"{len(found)} nights begin with '{name}'" if found else f"There is no night '{name}'"
        raise ConfigError(f"{several}. 'qc nights' lists them; 'qc nights last' is the newest.")
    return folder / f"{found[0]}.html"


def _night(path: Path) -> KeptNight | None:
    try:
        kept: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        outcomes = [file["outcome"] for file in kept["files"]]
        return KeptNight(
            night=path.stem,
            began_at=datetime.strptime(path.stem, NAME_FORMAT).replace(tzinfo=UTC),
            outcome=kept["outcome"],
            headline=kept["headline"],
            n_files=sum(outcome != "quarantined" for outcome in outcomes),
            n_refused=outcomes.count("quarantined"),
            n_runs=len(kept["runs"]),
            n_new=sum(one["since"] != "old" for one in kept["waiting"]),
            n_waiting=len(kept["waiting"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
