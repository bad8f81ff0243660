"""What the fields of ASTM records say of a result: its sample, test and value."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.messages.astm_frames import Record


def sample_of(order: Record, mark: str) -> str:
    """Return the sample of an order; empty where it is not plain.

    Parameters
    ----------
    order : Record
        Order that the result answers.
    mark : str
        What parts the components of a field.
    """
    own = [part.strip() for part in order.field(3).split(mark)]
    given = order.field(4).split(mark)
    filled = [part.strip() for part in given if part.strip()]
    if own[0]:
        return own[0]
    if any(own) or len(filled) == 1:
        return next((part for part in [*own, *filled] if part), "")
    if len(given) > 2 and given[2].startswith(" "):
        return given[2].strip()  # haematology lines write rack^position^sample, the sample padded to 22 places
    is_place_first = len(given) > 2 and given[0].strip().isdigit() and given[1].strip().isdigit()
    return "" if is_place_first or not given[0].strip() else given[0].strip()


def analyte_of(parts: Sequence[str]) -> str:
    """Return the test by the parts of its universal identifier.

    Parameters
    ----------
    parts : sequence of str
        Components of the field that names the test.
    """
    named = [part.strip() for part in parts]
    if len(named) > 6 and (named[1] or named[6]):
        return " ".join(part for part in (named[1], named[6], *named[7:8]) if part)
    local = [part for part in named[3:5] if part]
    return local[0] if local else next((part for part in named if part), "")


def text_of(field: str, mark: str) -> str:
    """Return the value as written; several values in one result are a text, and never one number of them.

    Parameters
    ----------
    field : str
        Field of the result.
    mark : str
        What parts the components of a field.
    """
    return mark.join(part.strip() for part in field.split(mark) if part.strip())
