"""Power of a paired t test, as ``qc try power`` prints it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any, Literal

from checks.arithmetic.pairs.paired_power import detectable_difference, paired_t_power, pairs_needed
from checks.arithmetic.pairs.signed_rank import smallest_two_sided_p
from checks.arithmetic.refusal import Refusal
from schemas.errors import ConfigError, Fault
from schemas.json_model import JsonModel

_TAILS: dict[str, Any] = {"value_strict_two_tail": "both", "value_one_tail": "one"}  # Any: the literals of `tails`
NOTES = (
    "Two-sided paired t test on normal differences; a signed-rank test needs about 5 % more pairs.",
    "'strict' counts rejections in both tails, 'one tail' only those in the direction of the difference.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerAnswer(JsonModel):
    """The one of pairs, difference and power that was left out."""

    json_keys = """value_strict_two_tail value_one_tail gated kind value=value_strict_two_tail alpha sd_diff n delta
        power n_ceiling? notes"""

    value_strict_two_tail: float | Refusal
    """It, where rejections in both tails count."""
    value_one_tail: float | Refusal
    """It, where only those in the direction of the difference count."""
    gated: Literal[False] = False
    """Nothing here is about approved data."""
    kind: Literal["power", "mdd", "n"]
    """Which one it is."""
    alpha: float
    """Limit of the two-sided p."""
    sd_diff: float
    """SD of the differences."""
    n: float | int | None
    """Pairs; None if they were left out."""
    delta: float | None
    """True mean difference; None if it was left out."""
    power: float | None
    """Power; None if it was left out."""
    n_ceiling: int | None
    """Whole pairs that are needed; None if something else was left out."""
    notes: list[str]
    """How to read it."""


def power(
    *, n_pairs: float | None, sd_diff: float, delta: float | None, power: float | None, alpha: float = 0.05
) -> dict[str, Any]:
    """Reckon the one of pairs, difference and power that was left out.

    Parameters
    ----------
    n_pairs : float or None
        Pairs, 2 or more.
    sd_diff : float
        SD of the differences, above 0.
    delta : float or None
        True mean difference, in the same unit.
    power : float or None
        Power, above alpha and below 1.
    alpha : float
        Limit of the two-sided p, above 0 and below 1.

    Returns
    -------
    dict of str to Any
        ``kind`` (``power``, ``mdd`` or ``n``), ``value`` and both countings of the tails.

    Raises
    ------
    ConfigError
        If not exactly one is left out, or a number is out of range: all faults at once.
    """
    kind = _kind(n_pairs, delta, power)
    faults = _faults(n_pairs, sd_diff, delta, power, alpha)
    if kind is None:
        faults.insert(0, Fault("options", "Give exactly two of '--n', '--delta' and '--power'; the third is reckoned."))
    if faults or kind is None:
        raise ConfigError("Power cannot be reckoned.", faults)
    values = {name: _value(n_pairs, sd_diff, delta, power, alpha, tails) for name, tails in _TAILS.items()}
    refused = next((value for value in values.values() if isinstance(value, Refusal)), None)
    value = refused or values["value_strict_two_tail"]
    return PowerAnswer(
        value_strict_two_tail=value,
        value_one_tail=refused or values["value_one_tail"],
        kind=kind,
        alpha=alpha,
        sd_diff=sd_diff,
        n=_integer(n_pairs),
        delta=delta,
        power=power,
        n_ceiling=ceil(value - 1e-9) if kind == "n" and not isinstance(value, Refusal) else None,
        notes=[*NOTES, *_grid_note(n_pairs, alpha)],
    ).as_json()


def _kind(n_pairs: float | None, delta: float | None, power: float | None) -> Literal["power", "mdd", "n"] | None:
    values: tuple[tuple[Literal["power", "mdd", "n"], float | None], ...]
    values = (("n", n_pairs), ("mdd", delta), ("power", power))
    absent = [name for name, value in values if value is None]
    return absent[0] if len(absent) == 1 else None


def _value(
    n_pairs: float | None, sd_diff: float, delta: float | None, power: float | None, alpha: float, tails: Any
) -> float | Refusal:  # Any: one of the literals of `tails`
    if power is None and n_pairs is not None and delta is not None:
        return paired_t_power(n_pairs, delta, sd_diff, alpha, tails=tails)
    if delta is None and n_pairs is not None and power is not None:
        return detectable_difference(n_pairs, power, sd_diff, alpha, tails=tails)
    if delta is not None and power is not None:
        return pairs_needed(delta, power, sd_diff, alpha, tails=tails)
    return Refusal("Two of pairs, difference and power are needed.")


def _faults(
    n_pairs: float | None, sd_diff: float, delta: float | None, power: float | None, alpha: float
) -> list[Fault]:
    ranges = (
        ("--n", n_pairs, n_pairs is None or (n_pairs >= 2 and isfinite(n_pairs)), "2 pairs or more"),
        ("--sd-diff", sd_diff, sd_diff > 0 and isfinite(sd_diff), "a number above 0"),
        ("--delta", delta, delta is None or isfinite(delta), "a number"),
        ("--power", power, power is None or 0 < power < 1, "a fraction above 0 and below 1"),
        ("--alpha", alpha, 0 < alpha < 1, "a fraction above 0 and below 1"),
    )
    return [
        Fault(f"option '{name}'", f"'{value:g}' is out of range: {wanted} is expected.")
        for name, value, is_right, wanted in ranges
        if not is_right and value is not None
    ]


def _grid_note(n_pairs: float | None, alpha: float) -> list[str]:
    if n_pairs is None or smallest_two_sided_p(int(n_pairs)) < alpha:
        return []
    least = smallest_two_sided_p(int(n_pairs))
    return [f"No exact signed-rank test of {int(n_pairs)} pairs can give a two-sided p below {least:g}."]


def _integer(n_pairs: float | None) -> float | int | None:
    return int(n_pairs) if n_pairs is not None and float(n_pairs).is_integer() else n_pairs
