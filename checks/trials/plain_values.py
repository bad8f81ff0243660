"""Answers of the arithmetic as values that JSON knows."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from checks.arithmetic.refusal import Refusal

NOT_FINITE = Refusal("These data give no finite number here.")


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
    if isinstance(value, Refusal):
        return value.as_json()
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value.tolist()]
    if isinstance(value, np.generic):
        return plain(value.item())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return NOT_FINITE.as_json()
    return value
