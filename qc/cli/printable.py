"""What files and people have written, as a terminal may be sent it: no control character ever reaches one raw."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters but row break and tab, and those that turn the direction of writing."""
_IN_JSON = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Those of them that JSON would leave as they are inside of its strings."""


def printable(text: str) -> str:
    """Return a text with every control character written out: ``\\x1b`` as four letters."""
    return _CONTROL.sub(_written_out, text)


def printable_json(text: str) -> str:
    """Return JSON with every control character escaped."""
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _written_out(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
