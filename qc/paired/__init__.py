"""Paired tests on released data: plan, tests and their families.

``qc.paired(lab)`` is the call for a notebook; the modules of this package take a release and cannot reach a store.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any


class _CallablePackage(ModuleType):
    def __call__(self, *arguments: Any, **named: Any) -> Any:  # Any: those of qc.api.notebook.paired, and its answer
        # By name: what is called lies above this package, and its tests may not lean on it.
        return importlib.import_module("qc.api.notebook").paired(*arguments, **named)


sys.modules[__name__].__class__ = _CallablePackage
