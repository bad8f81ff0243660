"""Westgard rules as pure numbers: a sequence of runs in, a verdict for each run out.

Knows every rule by its short id. Knows no profile, no unit and no laboratory; z is in SD of the control.

Conventions: a limit is exceeded strictly, with 1e-9 SD of slack for binary rounding. Every rule is judged at the end of
each run, none is gated by another. A missing result is skipped and the row goes on. z = 0 is on neither side of the
mean. A rejected run stays in the history until a reset. R-4s never looks beyond its own run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from checks.arithmetic.charts import westgard_rules as shape
from checks.arithmetic.charts.westgard_window import ControlHistory, ControlZ, Window
from schemas.errors import ConfigError
from schemas.finding import Verdict

WestgardRule = Callable[[Window], list[str]]
"""Judges a window; returns the scope of each violation that the run completes: a material, ``across`` or ``run``."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken by one run."""

    rule: str
    """Short id, such as ``2-2s``."""
    scope: str
    """Name of the material, ``across`` or ``run``."""


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """What all rules say of one run."""

    verdict: Verdict
    """``not_evaluable`` only if no control of the run was measured; ``warn`` only if 1-2s alone is broken."""
    violations: tuple[Violation, ...]
    """Violations in the order of the rules that were asked."""


RULES: Mapping[str, WestgardRule] = MappingProxyType(
    {
        "1-2s": partial(shape.one_beyond, sd_limit=2.0),
        "1-2.5s": partial(shape.one_beyond, sd_limit=2.5),
        "1-3s": partial(shape.one_beyond, sd_limit=3.0),
        "1-3.5s": partial(shape.one_beyond, sd_limit=3.5),
        "1-4s": partial(shape.one_beyond, sd_limit=4.0),
        "1-5s": partial(shape.one_beyond, sd_limit=5.0),
        "2-2s": partial(shape.two_beyond, sd_limit=2.0),
        "2of3-2s": partial(shape.two_of_three_beyond, sd_limit=2.0),
        "R-4s": partial(shape.both_sides_beyond, sd_limit=2.0),
        "R-4s-range": partial(shape.range_beyond, range_sd=4.0),
        "3-1s": partial(shape.three_beyond, sd_limit=1.0),
        "4-1s": partial(shape.last_beyond, n_results=4, sd_limit=1.0),
        "6-x": partial(shape.last_beyond_across, n_results=6, sd_limit=0.0),
        "7-x": partial(shape.last_beyond, n_results=7, sd_limit=0.0),
        "8-x": partial(shape.last_beyond, n_results=8, sd_limit=0.0),
        "9-x": partial(shape.last_beyond, n_results=9, sd_limit=0.0),
        "10-x": partial(shape.last_beyond, n_results=10, sd_limit=0.0),
        "12-x": partial(shape.last_beyond, n_results=12, sd_limit=0.0),
        "7-T": partial(shape.trend, n_results=7),
    }
)
"""Every rule by its short id; the numbers are part of each rule's name."""
WARNING_RULES = frozenset({"1-2s"})
"""Rules whose violation warns; every other rejects."""


def evaluate(
    runs: Sequence[Sequence[ControlZ] | None], rules: Sequence[str], *, warns: Collection[str] = WARNING_RULES
) -> list[RunVerdict]:
    """Judge every run of a sequence by every rule.

    Parameters
    ----------
    runs : sequence
        Runs in order of time: each a sequence of (material, z in SD); None or NaN is not measured. An entry that is
        None itself is a reset: it clears the history and gives no verdict.
    rules : sequence of str
        Short ids, such as ``1-3s``.
    warns : collection of str
        Those of them whose violation warns; every other rejects.

    Returns
    -------
    list of RunVerdict
        One for each run, resets left out.

    Raises
    ------
    ConfigError
        If a rule is not known.

    References
    ----------
    .. [1] Westgard JO, Barry PL, Hunt MR, Groth T. A multi-rule Shewhart chart for quality control in clinical
       chemistry. Clin Chem. 1981;27(3):493-501.

    Examples
    --------
    >>> evaluate([[("L1", 2.1)], [("L1", 2.2)]], ["1-2s", "2-2s"])[1].violations[1]
    Violation(rule='2-2s', scope='L1')
    """
    check_rules(rules)
    history = ControlHistory()
    verdicts: list[RunVerdict] = []
    for controls in runs:
        if controls is None:
            history.reset()
        else:
            verdicts.append(_verdict(history.add(controls), rules, warns))
    return verdicts


def check_rules(rules: Iterable[str]) -> None:
    """Refuse rules that are not known.

    Parameters
    ----------
    rules : iterable of str
        Short ids.

    Raises
    ------
    ConfigError
        If one is not known.
    """
    unknown = [name for name in rules if name not in RULES]
    if unknown:
        raise ConfigError(f"Westgard rule '{unknown[0]}' is not known. Known rules: {', '.join(RULES)}.")


def _verdict(window: Window, rules: Sequence[str], warns: Collection[str]) -> RunVerdict:
    if not window.run:
        return RunVerdict(Verdict.NOT_EVALUABLE, ())
    violations = tuple(Violation(name, scope) for name in rules for scope in RULES[name](window))
    broken = {violation.rule for violation in violations}
    if broken.difference(warns):
        return RunVerdict(Verdict.REJECT, violations)
    return RunVerdict(Verdict.WARN if broken else Verdict.PASS, violations)
