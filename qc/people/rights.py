"""Rights and roles: which acts exist, and who may do them where qc.toml says nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.lab.settings import RightsSettings

ADMIN, SERVICE = "admin", "service"
ROLES = ("analyst", "lab_manager", "qa", "statistician", SERVICE, ADMIN)
"""Roles that an account may have."""


class Right(StrEnum):
    """One act that needs a right; each is a key of ``[rights]`` in qc.toml."""

    INGEST = "ingest"
    SHEET = "sheet"
    COMMENT = "comment"
    APPROVE = "approve"
    APPROVE_OVER = "approve_over"
    REJECT = "reject"
    REPEAT = "repeat"
    CORRECT = "correct"
    UNDO = "undo"
    UNDO_OTHERS = "undo_others"
    SIGN = "sign"
    RELEASE = "release"
    LOCK_PLAN = "lock_plan"
    UNBLIND = "unblind"
    USERS = "users"


JUDGING = frozenset(
    {Right.APPROVE, Right.APPROVE_OVER, Right.REJECT, Right.REPEAT, Right.CORRECT, Right.SIGN, Right.RELEASE}
)
"""Rights that nobody with the role ``admin`` has, whatever qc.toml says: who keeps the accounts judges no data."""
OF_SERVICE = frozenset({Right.INGEST})
"""All that the role ``service`` may do, whatever qc.toml says: a job of the night brings files and decides nothing."""


def has_right(rights: RightsSettings, roles: Collection[str], right: Right) -> bool:
    """Tell whether roles carry a right.

    Parameters
    ----------
    rights : RightsSettings
        Section ``[rights]`` of qc.toml.

    Returns
    -------
    bool
        True if one of the roles carries it; never for a judging right and somebody who is an admin too.
    """
    if SERVICE in roles and right not in OF_SERVICE:
        return False
    if right in JUDGING and ADMIN in roles:
        return False
    return not set(roles).isdisjoint(getattr(rights, right.value))


def rights_of(rights: RightsSettings, roles: Collection[str]) -> Mapping[str, bool]:
    """Return every right with whether the roles carry it.

    Parameters
    ----------
    rights : RightsSettings
        Section ``[rights]`` of qc.toml.

    Returns
    -------
    mapping of str to bool
        By the name of the right.
    """
    return {right.value: has_right(rights, roles, right) for right in Right}
