"""What several rules work out of the same run, worked out once for each run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from checks.run_input import RunInput

Made = TypeVar("Made")


def once(run_input: RunInput, key: object, make: Callable[[], Made]) -> Made:
    """Return what was made of a run under a key, and make it where nobody has yet.

    Parameters
    ----------
    run_input : RunInput
        The run; a copy of it with other frames remembers nothing.
    key : object
        Name of what is made, with everything but the run that it depends on; hashable.
    make : callable
        Makes it. What it returns is shared by all rules and must not be changed.

    Returns
    -------
    object
        What was made.
    """
    if key not in run_input.derived:
        run_input.derived[key] = make()
    made: Made = run_input.derived[key]
    return made
