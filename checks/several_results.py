"""One result of a sample out of several: which one counts, by a policy that does not look at what it would prove.

Dilutions and replicates that a plate map shows are planned; a second result that nobody planned is put before a person,
unless the laboratory has said beforehand what several results do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import fmean
from typing import Literal

DilutionPolicy = Literal["lowest_in_range", "highest_in_range", "mean_in_range", "exclude", "ask"]
"""What several dilutions of a sample do."""
ResultPolicy = Literal["first_in_range", "latest_in_range", "mean_in_range", "exclude", "ask"]
"""What several results of a sample at one dilution do."""
ASK, EXCLUDE, MEAN = "ask", "exclude", "mean_in_range"


class Role(StrEnum):
    """What a result is among the results of its sample."""

    REPORTED = "reported"
    """The one that stands for the sample."""
    AVERAGED = "averaged"
    """It is part of the mean that the reported one carries."""
    EVIDENCE = "evidence"
    """It is kept, and does not count."""
    REPLACED = "replaced"
    """Its sender has replaced or withdrawn it: it takes no part in the choice."""


@dataclass(frozen=True, slots=True)
class RepeatPolicy:
    """What several results of one sample and analyte do."""

    several_dilutions: DilutionPolicy = "lowest_in_range"  # the least multiplied; Assaygate, proposed
    """Of a dilution series."""
    several_results: ResultPolicy | None = None
    """Of results at one dilution. None: the mean of those that a plate map plans, and any other is asked about."""
    is_declared: bool = False
    """Whether the laboratory has named one of them itself: a plan that is locked then chooses nothing else."""

    def over(self, several_dilutions: DilutionPolicy | None, several_results: ResultPolicy | None) -> RepeatPolicy:
        """Return the policy with what somebody has named in its place.

        Parameters
        ----------
        several_dilutions : str or None
            Of a dilution series; None leaves it.
        several_results : str or None
            Of results at one dilution; None leaves it.

        Returns
        -------
        RepeatPolicy
            Itself where nothing is named.
        """
        if several_dilutions is None and several_results is None:
            return self
        return RepeatPolicy(several_dilutions or self.several_dilutions, several_results or self.several_results, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """One of several results of a sample and analyte."""

    result_id: int
    """Id of the result."""
    run: str
    """Name of its run."""
    started_at: datetime | None
    """When the run began."""
    plate: str
    """Plate; empty for a table of results."""
    dilution: float
    """Dilution that is already in the value."""
    value: float | None
    """Value in ``unit``; None where there is no number."""
    unit: str
    """UCUM code."""
    method: str
    """Method id."""
    censor: str = ""
    """Side of a censored value."""
    censor_limit: float | None = None
    """Bound of a censored value."""
    is_replaced: bool = False
    """Whether its sender has replaced it."""

    @property
    def is_in_range(self) -> bool:
        """Whether it has a number that is no bound: only such a result is chosen before others, or averaged."""
        return self.value is not None and math.isfinite(self.value) and not self.censor

    @property
    def when(self) -> tuple[bool, datetime, str, str, int]:
        """Order of measurement; it does not depend on the order in which runs came in."""
        ordinal = self.result_id & ((1 << 20) - 1)
        return (self.started_at is None, self.started_at or datetime.min, self.run, self.plate, ordinal)  # noqa: DTZ901


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What counts of several results of one sample and analyte, and why."""

    reported: int | None
    """Result that stands for the sample; None where all are left out."""
    roles: Mapping[int, Role]
    """What each result is."""
    value: float | None
    """Mean of the averaged ones, else the number of the reported one; None where it has none."""
    policy: str
    """Policy that chose: ``lowest_in_range``, ..., ``ask``."""
    is_declared: bool
    """Whether the laboratory has named this policy itself."""
    why: str
    """What was chosen and why, in a sentence without a number that was measured."""
    members: tuple[Several, ...]
    """All of them, in the order of dilution and measurement."""

    @property
    def n_valid(self) -> int:
        """Number of results that were not replaced by their sender."""
        return sum(not one.is_replaced for one in self.members)


def choose(several: Iterable[Several], policy: RepeatPolicy) -> Choice:
    """Choose what counts of several results of one sample and analyte.

    Parameters
    ----------
    several : iterable of Several
        The results that nobody has set aside, in any order.
    policy : RepeatPolicy
        What several dilutions and several results do.

    Returns
    -------
    Choice
        What counts. The order of the results does not matter.

    Notes
    -----
    A bound is never averaged and never chosen before a number: below the limit at a high dilution says nothing against
    a number at a low one. Where all are bounds of one side, the narrowest counts. Bounds of both sides without a
    number, and results of several methods or units, are asked about.
    """
    members = tuple(sorted(several, key=lambda one: (one.dilution, *one.when)))
    valid = [one for one in members if not one.is_replaced]
    name, pool = _applied(valid, policy)
    usable = [one for one in pool if one.is_in_range]
    if name == EXCLUDE or not valid:
        reported: Several | None = None
    elif usable:
        reported = usable[-1] if name in ("highest_in_range", "latest_in_range") else usable[0]
    else:
        reported = _narrowest(valid)
    averaged = {one.result_id for one in usable} if name == MEAN and len(usable) > 1 else set()
    mean = fmean(one.value for one in usable if one.value is not None) if averaged else None
    return Choice(
        reported=reported.result_id if reported else None,
        roles={one.result_id: _role(one, reported, averaged) for one in members},
        value=mean if averaged else reported.value if reported and reported.is_in_range else None,
        policy=name,
        is_declared=policy.is_declared,
        why=_why(name, valid, len(usable), len(averaged)),
        members=members,
    )


def is_planned(several: Sequence[Several]) -> bool:
    """Tell whether maps alone show that a sample was to be measured several times.

    Parameters
    ----------
    several : sequence of Several
        Results of one sample and analyte.

    Returns
    -------
    bool
        True where results at one dilution stand on different plates of one run. Dilutions that differ were chosen.
    """
    by_dilution: dict[float, list[Several]] = {}
    for one in several:
        by_dilution.setdefault(one.dilution, []).append(one)
    return all(_is_laid_out(own) for own in by_dilution.values())


def _is_laid_out(own: Sequence[Several]) -> bool:
    plates = {one.plate for one in own}
    return len(own) == 1 or (len({one.run for one in own}) == 1 and "" not in plates and len(plates) == len(own))


def _applied(valid: Sequence[Several], policy: RepeatPolicy) -> tuple[str, Sequence[Several]]:
    """Return the policy that applies, and the results among which it chooses."""
    if len({(one.method, one.unit) for one in valid}) > 1 or _is_contradictory(valid):
        return ASK, _by_time(valid)
    if not is_planned(valid) and policy.several_results is None:
        return ASK, _by_time(valid)
    of_one = policy.several_results or MEAN
    if len({one.dilution for one in valid}) < 2:
        return of_one, _by_time(valid)
    if policy.several_dilutions not in ("lowest_in_range", "highest_in_range"):
        return policy.several_dilutions, valid
    dilutions = sorted({one.dilution for one in valid if one.is_in_range})
    if not dilutions:
        return policy.several_dilutions, valid
    at = dilutions[0] if policy.several_dilutions == "lowest_in_range" else dilutions[-1]
    pool = _by_time([one for one in valid if one.dilution == at])
    return (policy.several_dilutions, pool) if len(pool) == 1 else (of_one, pool)


def _by_time(several: Sequence[Several]) -> list[Several]:
    return sorted(several, key=lambda one: one.when)


def _is_contradictory(valid: Sequence[Several]) -> bool:
    return {"<", ">"} <= {one.censor for one in valid} and not any(one.is_in_range for one in valid)


def _narrowest(valid: Sequence[Several]) -> Several:
    # Of bounds below which the sample lies the lowest says the most, of those above which it lies the highest.
    below = [one for one in valid if one.censor == "<"]
    above = [one for one in valid if one.censor == ">"]
    if below and not above:
        return min(below, key=lambda one: (math.inf if one.censor_limit is None else one.censor_limit, one.when))
    if above and not below:
        return max(above, key=lambda one: -math.inf if one.censor_limit is None else one.censor_limit)
    return _by_time(valid)[0]


def _role(one: Several, reported: Several | None, averaged: set[int]) -> Role:
    if one.is_replaced:
        return Role.REPLACED
    if reported is not None and one.result_id == reported.result_id:
        return Role.REPORTED
    return Role.AVERAGED if one.result_id in averaged else Role.EVIDENCE


_WORDS = {
    "lowest_in_range": "the lowest dilution in range counts",
    "highest_in_range": "the highest dilution in range counts",
    "first_in_range": "the first in range counts",
    "latest_in_range": "the latest in range counts",
    MEAN: "the mean of those in range counts",
    EXCLUDE: "none counts, and the sample is left out",
    ASK: "nobody planned them, and a person says which counts",
}


def _why(name: str, valid: Sequence[Several], n_usable: int, n_averaged: int) -> str:
    if len(valid) < 2:
        return "One result of the sample stands; its sender has replaced or withdrawn the others."
    dilutions = sorted({one.dilution for one in valid})
    at = f" at {', '.join(f'1:{dilution:g}' for dilution in dilutions)}" if len(dilutions) > 1 else ""
    what = _WORDS[name]
    if n_averaged:
        what = f"the mean of {n_averaged} in range counts"
    elif not n_usable and name not in (EXCLUDE, ASK):
        what = "none is in range, and the narrowest bound counts"
    return f"Of {len(valid)} results of the sample{at} {what} ({name})."
