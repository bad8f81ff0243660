"""Regular expressions that mean the same in Rust (polars), RE2 (DuckDB), Java (Spark) and Python.

Shorthands such as ``\\s`` are left out: RE2 knows only the white space of ASCII, Rust that of all of Unicode.
"""

from __future__ import annotations

import re

from schemas.errors import SchemaDefinitionError

NOT_BLANK = "[^\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""Pattern of a letter, digit or mark: anything but white space as Unicode has it."""
_TOKEN = re.compile(
    r"""
    \\[^a-zA-Z0-9\s]                      # a mark that stands for itself
    | \[\^?\]?(?:\\[^a-zA-Z0-9\s]|[^\]\[\\&~])*\]   # a set without shorthands, sets in it and operators
    | \(\?: | \((?!\?) | \) | \|          # groups
    | \{[0-9]+(?:,[0-9]*)?\}\?? | [*+?]\??    # how often
    | \^                                  # the start
    | [^\\\[\]().$|{}*+?^]                # any other letter or mark
    """,
    re.VERBOSE | re.DOTALL,
)
_POSSESSIVE = re.compile(r"(?<!\\)(?:[*+?]|\{[0-9,]+\})\+")


def portable_pattern(pattern: str) -> str:
    r"""Return a pattern that every engine reads alike, or refuse it.

    Parameters
    ----------
    pattern : str
        Regular expression of letters, sets, groups, alternatives and counts; ``$`` may stand at the very end.

    Returns
    -------
    str
        The same pattern, with ``\z`` for ``$``: Java takes the latter for the end of the last line as well.

    Raises
    ------
    SchemaDefinitionError
        If a part of it means different things to different engines.

    Examples
    --------
    >>> print(portable_pattern("^[A-Z]{1,2}[1-9][0-9]?$"))
    ^[A-Z]{1,2}[1-9][0-9]?\z
    """
    body = pattern.removesuffix("$") if not pattern.endswith("\\$") else pattern
    position = 0
    while position < len(body):
        token = _TOKEN.match(body, position)
        if token is None or _POSSESSIVE.search(body):
            raise SchemaDefinitionError(
                f"Pattern '{pattern}' cannot be compiled: what stands at '{body[position : position + 8]}' does not "
                "mean the same in every engine. Use letters, sets such as [0-9], groups and counts."
            )
        position = token.end()
    return pattern if body == pattern else f"{body}\\z"
