"""Assaygate in Python: open a lab, ingest, assess, decide, release, test.

``import qc`` is light: DuckDB, polars and the rest are loaded when they are first needed.

Examples
--------
>>> import qc
>>> lab = qc.open_lab("my-lab")  # doctest: +SKIP
>>> lab.nightly()  # doctest: +SKIP
>>> lab.queue()  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qc.version import __version__

if TYPE_CHECKING:
    from qc.api.lab import Lab, init_lab, open_lab
    from qc.api.notebook import paired

__all__ = ["Lab", "__version__", "init_lab", "open_lab", "paired"]

_HOMES = {
    "Lab": "qc.api.lab",
    "init_lab": "qc.api.lab",
    "open_lab": "qc.api.lab",
    "paired": "qc.api.notebook",
}


def __getattr__(name: str) -> Any:  # Any: a module attribute of whatever type its home gives it
    if name not in _HOMES:
        raise AttributeError(f"Module 'qc' has no attribute '{name}'.")
    return getattr(importlib.import_module(_HOMES[name]), name)


def _refuse_strangers() -> None:
    home = Path(__file__).resolve().parent.parent
    for floor in ("schemas", "checks"):
        spec = importlib.util.find_spec(floor)
        origin = Path(spec.origin).resolve() if spec and spec.origin else None
        if origin is None or origin.parent.parent != home:
            raise ImportError(
                f"Another package named '{floor}' at '{origin}' stands before Assaygate's own: "
                "install Assaygate in an environment of its own."
            )


_refuse_strangers()
