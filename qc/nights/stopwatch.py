"""How long each stage of a night took."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic


@dataclass(slots=True)
class Stopwatch:
    """Measures stages that follow each other."""

    seconds: dict[str, float] = field(default_factory=dict)
    """Seconds by stage."""
    _last: float = field(default_factory=monotonic)

    def lap(self, stage: str) -> None:
        """End a stage; the next one begins."""
        now = monotonic()
        self.seconds[stage] = round(now - self._last, 2)
        self._last = now
