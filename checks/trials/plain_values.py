"""Answers of the arithmetic as values that JSON knows."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from checks.arithmetic.refusal import Refusal
from schemas.json_model import JsonModel, json_value

NOT_FINITE = Refusal("These data give no finite number here.")


class TrialAnswer(JsonModel):
    """Base of what a trial answers: a number that is not finite, which JSON cannot say, becomes a refusal."""

    __slots__ = ()
    json_not_finite: ClassVar[type] = Refusal
    """What may stand wherever a number is declared."""

    def as_json(self) -> dict[str, Any]:
        """Return the answer as a mapping of JSON values.

        Returns
        -------
        dict
            Numbers, texts, lists and dicts; a refusal is ``{"error": sentence}``.
        """
        return {key: _finite(value) for key, value in JsonModel.as_json(self).items()}


def plain(value: Any) -> Any:  # Any: walks whatever nests in an answer
    """Turn an answer of the arithmetic into values that JSON knows.

    Parameters
    ----------
    value : object
        Number, text, refusal, array, dataclass, mapping or sequence, nested as they come.

    Returns
    -------
    object
        Numbers, texts, lists and dicts; a refusal becomes ``{"error": sentence}``, and so does a number that is not
        finite, which JSON cannot say.
    """
    return _finite(json_value(value))


def _finite(value: Any) -> Any:  # Any: what JSON can hold
    if isinstance(value, float) and not math.isfinite(value):
        return NOT_FINITE.as_json()
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    return value
