"""What a Westgard rule may look at: the controls of one run and the last results up to its end.

z is in SD of the control. A control that was not measured (None or NaN) is skipped, and the row goes on.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DEPTH = 12
"""Results that the longest rule (12-x) looks back on."""

ControlZ = tuple[str, float | None]
"""Name of a material and its z in SD; None or NaN is a control that was not measured."""


@dataclass(frozen=True, slots=True)
class Window:
    """The measured controls of one run and the last results up to its end."""

    run: tuple[tuple[str, float], ...]
    """Material and z of each measured control of this run, in order."""
    by_material: Mapping[str, tuple[float, ...]]
    """Last results of each material that was measured in this run, oldest first, this run included."""
    across: tuple[tuple[str, float], ...]
    """Last results of all materials, oldest first, this run included."""


class ControlHistory:
    """The last results of every material since the last reset; runs are added in order of time.

    Parameters
    ----------
    depth : int
        Results that are kept of each material and of all together, 1 or more.
    """

    def __init__(self, depth: int = DEPTH) -> None:
        self._depth = depth
        self._by_material: dict[str, deque[float]] = {}
        self._across: deque[tuple[str, float]] = deque(maxlen=depth)

    def add(self, controls: Sequence[ControlZ]) -> Window:
        """Take in one run and return what the rules may look at.

        Parameters
        ----------
        controls : sequence of (str, float or None)
            Material and z in SD, in the order of measurement; None or NaN is not measured.

        Returns
        -------
        Window
            Window that ends with this run; ``run`` is empty if nothing was measured.
        """
        measured = tuple((name, z) for name, z in controls if z is not None and not math.isnan(z))
        for name, z in measured:
            self._by_material.setdefault(name, deque(maxlen=self._depth)).append(z)
        self._across.extend(measured)
        trails = {name: tuple(self._by_material[name]) for name, _ in measured}
        return Window(measured, trails, tuple(self._across))

    def reset(self) -> None:
        """Forget every result, as after a recalibration, a new lot or a service."""
        self._by_material.clear()
        self._across.clear()
