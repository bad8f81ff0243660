"""One small function for each shape of a Westgard rule: a window of control results in, scopes of violations out.

A limit is exceeded strictly, with 1e-9 SD of slack for binary rounding; z = 0 is on neither side of the mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from checks.arithmetic.charts.westgard_window import Window

SLACK_SD = 1e-9
"""Slack on every limit, in SD, so that a z of exactly 2 that was rounded in binary is not beyond 2."""
ACROSS = "across"
"""Scope of a violation that several materials make together."""
IN_RUN = "run"
"""Scope of a violation within one run."""


def one_beyond(window: Window, sd_limit: float) -> list[str]:
    """Name each material with a result of this run beyond the limit on either side (1-2s, 1-3s and kin).

    Parameters
    ----------
    window : Window
        Run to judge.
    sd_limit : float
        Limit in SD, above 0.

    Returns
    -------
    list of str
        Materials, each once, in order of measurement.
    """
    return _unique(material for material, z in window.run if _beyond(abs(z), sd_limit))


def two_beyond(window: Window, sd_limit: float) -> list[str]:
    """Name where two consecutive results lie beyond one and the same limit (2-2s).

    Parameters
    ----------
    window : Window
        Run to judge.
    sd_limit : float
        Limit in SD, above 0.

    Returns
    -------
    list of str
        Each material whose last two results, one of them in this run, are beyond; ``across`` for two of this run.
    """
    return two_beyond_in_material(window, sd_limit) + two_beyond_in_run(window, sd_limit)


def two_beyond_in_material(window: Window, sd_limit: float) -> list[str]:
    """Name each material, measured once in this run, whose last two results are beyond the same limit.

    Parameters
    ----------
    window : Window
        Run to judge.
    sd_limit : float
        Limit in SD, above 0.

    Returns
    -------
    list of str
        Materials in order of measurement.
    """
    measured = [material for material, _ in window.run]
    return [name for name in _unique(measured) if measured.count(name) == 1 and _last(window, name, 2, sd_limit)]


def two_beyond_in_run(window: Window, sd_limit: float) -> list[str]:
    """Say ``across`` if two results of this run are beyond the same limit.

    Parameters
    ----------
    window : Window
        Run to judge.
    sd_limit : float
        Limit in SD, above 0.

    Returns
    -------
    list of str
        ``across`` or nothing.
    """
    z = [value for _, value in window.run]
    return [ACROSS] if max(_count_above(z, sd_limit), _count_above(_mirrored(z), sd_limit)) >= 2 else []


def two_of_three_beyond(window: Window, sd_limit: float) -> list[str]:
    """Say ``run`` if two of three neighbouring results of this run are beyond the same limit (2of3-2s).

    Parameters
    ----------
    window : Window
        Run to judge; fewer than three measured controls are silent.
    sd_limit : float
        Limit in SD, above 0.

    Returns
    -------
    list of str
        ``run`` or nothing.
    """
    return [IN_RUN] if _any_three(window, 2, sd_limit) else []


def three_beyond(window: Window, sd_limit: float) -> list[str]:
    """Say ``run`` if three neighbouring results of this run are beyond the same limit (3-1s).

    Parameters
    ----------
    window : Window
        Run to judge; fewer than three measured controls are silent.
    sd_limit : float
        Limit in SD, above 0.

    Returns
    -------
    list of str
        ``run`` or nothing.
    """
    return [IN_RUN] if _any_three(window, 3, sd_limit) else []


def both_sides_beyond(window: Window, sd_limit: float) -> list[str]:
    """Say ``run`` if one result of this run is above the upper and another below the lower limit (R-4s).

    Parameters
    ----------
    window : Window
        Run to judge; the history is never looked at.
    sd_limit : float
        Limit in SD, above 0.

    Returns
    -------
    list of str
        ``run`` or nothing.
    """
    z = [value for _, value in window.run]
    return [IN_RUN] if _count_above(z, sd_limit) and _count_above(_mirrored(z), sd_limit) else []


def range_beyond(window: Window, range_sd: float) -> list[str]:
    """Say ``run`` if highest less lowest result of this run exceeds the range (R-4s-range, another reading of R-4s).

    Parameters
    ----------
    window : Window
        Run to judge; the history is never looked at.
    range_sd : float
        Range in SD, above 0.

    Returns
    -------
    list of str
        ``run`` or nothing.
    """
    z = [value for _, value in window.run]
    return [IN_RUN] if len(z) >= 2 and _beyond(max(z) - min(z), range_sd) else []


def last_beyond(window: Window, n_results: int, sd_limit: float) -> list[str]:
    """Name where the last results lie beyond one and the same limit (4-1s).

    Parameters
    ----------
    window : Window
        Run to judge.
    n_results : int
        How many results in a row, 1 to 12.
    sd_limit : float
        Limit in SD, 0 or above; 0 asks for one side of the mean.

    Returns
    -------
    list of str
        Materials of this run, then ``across`` where at least two materials take part.
    """
    names = [name for name in window.by_material if _last(window, name, n_results, sd_limit)]
    return names + last_beyond_across(window, n_results, sd_limit)


def last_beyond_across(window: Window, n_results: int, sd_limit: float) -> list[str]:
    """Say ``across`` if the last results of at least two materials lie beyond one and the same limit (6-x).

    Parameters
    ----------
    window : Window
        Run to judge.
    n_results : int
        How many results in a row, 1 to 12.
    sd_limit : float
        Limit in SD, 0 or above.

    Returns
    -------
    list of str
        ``across`` or nothing.
    """
    tail = window.across[-n_results:]
    z = [value for _, value in tail]
    several = len({material for material, _ in tail}) >= 2
    return [ACROSS] if several and len(z) == n_results and _same_side(z, sd_limit) else []


def trend(window: Window, n_results: int) -> list[str]:
    """Name each material whose last results rise or fall strictly (7-T).

    Parameters
    ----------
    window : Window
        Run to judge.
    n_results : int
        How many results in a row, 2 to 12.

    Returns
    -------
    list of str
        Materials in order of measurement.
    """
    return [name for name, z in window.by_material.items() if _is_trend(z[-n_results:], n_results)]


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _beyond(number: float, limit: float) -> bool:
    return number > limit + SLACK_SD


def _mirrored(z: Sequence[float]) -> list[float]:
    return [-value for value in z]


def _count_above(z: Sequence[float], sd_limit: float) -> int:
    return sum(_beyond(value, sd_limit) for value in z)


def _same_side(z: Sequence[float], sd_limit: float) -> bool:
    return _count_above(z, sd_limit) == len(z) or _count_above(_mirrored(z), sd_limit) == len(z)


def _last(window: Window, name: str, n_results: int, sd_limit: float) -> bool:
    z = window.by_material[name][-n_results:]
    return len(z) == n_results and _same_side(z, sd_limit)


def _any_three(window: Window, n_beyond: int, sd_limit: float) -> bool:
    z = [value for _, value in window.run]
    triples = [z[start : start + 3] for start in range(len(z) - 2)]
    return any(
        max(_count_above(three, sd_limit), _count_above(_mirrored(three), sd_limit)) >= n_beyond for three in triples
    )


def _is_trend(z: Sequence[float], n_results: int) -> bool:
    steps = [later - earlier for earlier, later in pairwise(z)]
    return len(z) == n_results and _same_side(steps, 0.0)
