"""One thing that somebody is told."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(JsonModel):
    """One thing that somebody is told: counts, items, controls and lots, and nothing of a sample."""

    rule: str
    """Setting of ``[notify]`` that says whom to tell: ``new_rejects``."""
    key: str
    """What it is about; the same is told again only after ``again_h``. Empty for what happens once, such as a night."""
    title: str
    """Subject of a mail."""
    text: str
    """Full sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(JsonModel):
    """What became of one notice at one address."""

    rule: str
    """Rule of the notice."""
    address: str
    """Name of the address."""
    title: str
    """Subject."""
    is_delivered: bool
    """Whether the service took it."""
