"""How many beads a result needs, as the shipped rule on bead counts says, for tables that the rule does not reach."""

from __future__ import annotations

import re
from functools import cache

from schemas.text_tables.numerals import number_of

_BEADS = re.compile(r"(bead ?counts?|n ?beads|beads|number of beads|beads? counted|anzahl (der )?beads)\Z")


@cache
def least_beads() -> float:
    """Return the least number of beads by ``replicates.bead_count`` of the shipped profile."""
    from checks.profile import load_profile

    return load_profile("sample-rules").limits_by_rule["replicates.bead_count"]["least"].value


def counts_beads(title: str) -> bool:
    """Tell whether a column of a table counts beads.

    Parameters
    ----------
    title : str
        Title as the file writes it.

    Examples
    --------
    >>> counts_beads("Bead_Count"), counts_beads("n_beads"), counts_beads("Count")
    (True, True, False)
    """
    return bool(_BEADS.match(re.sub(r"[\s_\-]+", " ", title.casefold()).strip()))


def too_few_beads(text: str) -> str:
    """Return what a count of beads says against its result; empty for enough of them and for an empty cell.

    Parameters
    ----------
    text : str
        Count as written; what is no number is said as it is.
    """
    number = number_of(text.strip(), ".")
    if number is not None and number >= least_beads():
        return ""
    return text.strip() if number is None else f"{number:g}; fewer than {least_beads():g}"
