"""The one type of what ``qc review --json`` prints: the twin of any screen of the table."""

from __future__ import annotations

import importlib
from functools import reduce
from operator import or_
from typing import Any  # Any: a union that the table of screens decides

from tui.screens.table_of_screens import SCREENS, class_of_twin


def _model_of(name: str) -> Any:
    return getattr(importlib.import_module(f"tui.twins.{name}"), class_of_twin(name))


Twin: Any = reduce(or_, map(_model_of, SCREENS))
