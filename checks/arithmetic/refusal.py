"""A refusal: the sentence that stands where a number would be wrong."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class Refusal(JsonModel):
    """Say in one sentence why a number cannot be given; it takes the number's place."""

    json_keys = "error=sentence"

    sentence: str
    """Full sentence: what stands in the way, and what to read instead where there is something."""
