"""The exceptions of a release for its report: let through in spite of a finding, by whom, and what was set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from checks.contrast_words.exceptions import exception_sentences, exceptions_of
from checks.contrasts.frozen_release import Release

_TITLES = {
    "approved_over": "Approved by a person over a warning or a failure",
    "approved_in_spite": "Approved by rule in spite of a warning",
    "set_aside": "Set aside",
}


class GroupOfExceptions(NamedTuple):
    """Exceptions of one kind."""

    title: str
    """What was done."""
    n: int
    """With how many results."""
    sentences: Sequence[str]
    """Which, over which rules, by whom, when and why."""


def exception_groups(release: Release) -> list[GroupOfExceptions]:
    """Return the exceptions of a release by kind; none of a release of an older program, which kept none."""
    return [
        GroupOfExceptions(title, sum(one["n"] for one in found), exception_sentences(found))
        for kind, title in _TITLES.items()
        if (found := exceptions_of(release, kind))
    ]
