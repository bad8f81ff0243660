"""Relations: what one analyte says about another one of the same sample."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.finding import Limit
from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(JsonModel):
    """How an analyte hangs together with another one."""

    json_keys = "other matrix sentence rule factor source status"

    other: str
    """Id of the other analyte."""
    matrix: str
    """Matrix of both; empty if it holds between matrices."""
    sentence: str
    """What must hold, in words."""
    rule: str
    """Id of the rule that judges it; empty if none does. Its limits stand in the profiles."""
    factor: Limit | None
    """Constant that the relation rests on; None if there is none."""
    source: str
    """Where it comes from."""
    status: str
    """``confirmed``, ``unconfirmed`` or ``proposed``."""
