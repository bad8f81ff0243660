"""The twins of the screens: the same as data, and as plain lines for screen readers and pipes.

The twin of a screen NAME is ``tui/twins/NAME.py``: a typed model ``NameTwin`` of what it shows, ``answer`` that makes
it, and ``lines`` that says it. A line says one whole thing, with its name before it and its units behind it; nothing
stands side by side, no sign carries a meaning alone, numbers are rounded as the screens round them, and what only a
program needs, such as a hash, is left to ``--json``.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any  # Any: the module of a twin, and JSON values

from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from tui.twins.line_words import ScreenJson


def print_twin(
    folder: Path | None, screen: str, begin: str, *, order: str, most: int, is_each: bool, as_json: bool
) -> int:
    """Print the twin of a screen.

    Parameters
    ----------
    is_each : bool
        Whether plain lines leave the causes of a queue out.

    Returns
    -------
    int
        Exit code: 1 if something waits for a person, else 0.
    """
    from qc.api.lab import open_lab
    from qc.cli.exit_codes import ExitCode
    from qc.cli.output import data, say

    shown = twin(open_lab(folder), screen, begin, order=order, most=most)
    if as_json:
        data(shown)
    else:
        for line in plain_lines(shown | ({"causes": []} if is_each else {})):
            say(line)
    waits = any(shown.get(key) for key in ("n_items", "n_waiting", "n_corrections"))
    return ExitCode.WAITS if waits else ExitCode.CLEAN


def twin(lab: Lab, screen: str, begin: str, *, order: str = "gravest", most: int = 200) -> dict[str, Any]:
    """Return what a screen shows, as a mapping of JSON values.

    Returns
    -------
    dict
        Begins with ``screen``.
    """
    answer: JsonModel = _module_of(screen).answer(lab, begin, order, most)
    return answer.as_json()


def plain_lines(screen: ScreenJson) -> Iterator[str]:
    """Write what a screen shows line by line.

    Yields
    ------
    str
        Lines such as ``item 3 of 28: R26/iron, reject, ...``; a line that goes on begins with two spaces.
    """
    yield from _module_of(str(screen["screen"])).lines(screen)


def _module_of(screen: str) -> Any:
    return importlib.import_module(f"tui.twins.{screen}")
