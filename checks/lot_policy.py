"""Policies on control lots, as the limits of a rule set them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from checks.arithmetic.charts.control_target import EstablishmentPolicy
from checks.arithmetic.charts.short_lot_target import ShortLotPolicy

if TYPE_CHECKING:
    from schemas.finding import Limit

Policy = TypeVar("Policy", EstablishmentPolicy, ShortLotPolicy)


def policy_of(kind: type[Policy], limits: Mapping[str, Limit] | None) -> Policy | None:
    """Return the policy that a profile sets.

    Parameters
    ----------
    kind : type of EstablishmentPolicy or ShortLotPolicy
        Which policy; its fields are names of limits, all whole numbers without unit.
    limits : mapping of str to Limit or None
        Limits of its rule; None if the profile does not have it.

    Returns
    -------
    EstablishmentPolicy, ShortLotPolicy or None
        None without the rule, or if one of its limits is missing, which the rule itself tells.
    """
    names = kind.__dataclass_fields__
    if limits is None or not set(names) <= set(limits):
        return None
    return kind(**{name: int(limits[name].value) for name in names})
