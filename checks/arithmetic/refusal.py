"""A refusal: the sentence that stands where a number would be wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Say in one sentence why a number cannot be given; it takes the number's place."""

    sentence: str
    """Full sentence: what stands in the way, and what to read instead where there is something."""

    def as_json(self) -> dict[str, str]:
        """Return the refusal as it stands in JSON, in place of the number.

        Returns
        -------
        dict of str to str
            One key, ``error``.
        """
        return {"error": self.sentence}
