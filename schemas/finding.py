"""What a check says: findings and the five verdicts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

from schemas.json_model import JsonFacet, JsonModel, JsonOf


class Verdict(StrEnum):
    """Verdict of a rule, a run or a result; only ``pass`` opens the gate by itself."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    REJECT = "reject"
    NOT_EVALUABLE = "not_evaluable"
    BROKEN = "broken"

    @property
    def severity(self) -> int:
        """Rank of the verdict, 0 (pass) to 4 (broken)."""
        return _SEVERITY[self]


VerdictText = Annotated[str, JsonFacet("enum", tuple(verdict.value for verdict in Verdict))]
"""Verdict as text."""
_SEVERITY = {
    Verdict.PASS: 0,
    Verdict.WARN: 1,
    Verdict.NOT_EVALUABLE: 2,
    Verdict.REJECT: 3,
    Verdict.BROKEN: 4,
}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the gravest of several verdicts; ``pass`` if there are none.

    Parameters
    ----------
    verdicts : iterable of Verdict
        Verdicts in any order.

    Returns
    -------
    Verdict
        The one with the highest severity.
    """
    return max(verdicts, key=lambda verdict: verdict.severity, default=Verdict.PASS)


class Scope(StrEnum):
    """What a finding speaks about."""

    FILE = "file"
    RUN = "run"
    ANALYTE = "analyte"
    """One analyte in one run."""
    CONTROL = "control"
    """One level of one control material in one run."""
    SAMPLE = "sample"
    RESULT = "result"
    WELL = "well"


Status = Literal["confirmed", "unconfirmed", "proposed"]
"""How far a number may be trusted."""


@dataclass(frozen=True, slots=True)
class Limit(JsonModel):
    """One number to judge by, as it stands in a TOML file."""

    json_keys = "name value unit source status holds_for?"

    name: str
    """Name that rules use: ``sd_limit``, ``cv_percent``."""
    value: float
    """The number, in ``unit``."""
    unit: str
    """Unit of the number: ``SD``, ``percent``, a UCUM code, or ``1`` for none."""
    source: Annotated[str, JsonFacet("minLength", 1)]
    """Where the number comes from, as printed by ``qc rules`` and ``qc catalogue show``."""
    status: Annotated[str, JsonFacet("enum", get_args(Status))] = "unconfirmed"
    """``confirmed``, ``unconfirmed`` or ``proposed``."""
    holds_for: str = ""
    """Key that a catalogue limit was found by: ``ferritin, serum, every method, female, 18 to below 51 years``."""


LimitJson = Annotated[Mapping[str, Any], JsonOf(Limit)]
"""A limit as it was stored with a finding."""


@dataclass(frozen=True, slots=True)
class Finding(JsonModel):
    """What one rule says about one thing."""

    json_keys = "rule verdict sentence observed unit limits suggestion"

    rule: str
    """Dotted id of the rule, such as ``westgard.2-2s``."""
    verdict: Verdict
    """Never ``pass``: a rule that is content says nothing."""
    scope: Scope
    """What the finding speaks about; ``key`` names which one."""
    key: Mapping[str, str | int]
    """Key of the row: ``{"analyte": "ferritin"}``, ``{"result": 17}``, ``{"plate": "P1", "well": "A1"}``."""
    sentence: str
    """Full sentence that a person understands, without subject, visit or sample code."""
    version: int = 1
    """Version of the rule that spoke."""
    observed: float | None = None
    """Number that was judged, in ``unit``; None if there is none. NaN is not allowed."""
    unit: str = ""
    """Unit of ``observed``."""
    limits: tuple[Limit, ...] = field(default=())
    """Limits that the verdict rests on."""
    suggestion: str = ""
    """What a person may do or look at; empty if nothing is known."""

    def __post_init__(self) -> None:
        """Refuse a finding that says nothing.

        Raises
        ------
        ValueError
            If the verdict is ``pass``, or ``observed`` is not a finite number.
        """
        if self.verdict is Verdict.PASS:
            raise ValueError(f"A finding of rule '{self.rule}' must not say 'pass': a content rule is silent.")
        if self.observed is not None and not math.isfinite(self.observed):
            raise ValueError(f"The observed number of rule '{self.rule}' is '{self.observed}', which is not finite.")
