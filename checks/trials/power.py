"""Power of a paired t test, as ``qc try power`` prints it."""

from __future__ import annotations

from math import ceil, isfinite
from typing import Any

from checks.arithmetic.pairs.paired_power import detectable_difference, paired_t_power, pairs_needed
from checks.arithmetic.pairs.signed_rank import smallest_two_sided_p
from checks.arithmetic.refusal import Refusal
from schemas.errors import ConfigError, Fault

_TAILS: dict[str, Any] = {"value_strict_two_tail": "both", "value_one_tail": "one"}  # Any: the literals of `tails`
NOTES = (
    "Two-sided paired t test on normal differences; a signed-rank test needs about 5 % more pairs.",
    "'strict' counts rejections in both tails, 'one tail' only those in the direction of the difference.",
)


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
    if faults:
        raise ConfigError("Power cannot be reckoned.", faults)
    values = {name: _value(n_pairs, sd_diff, delta, power, alpha, tails) for name, tails in _TAILS.items()}
    refused = next((value for value in values.values() if isinstance(value, Refusal)), None)
    told: dict[str, Any] = {name: refused.as_json() if refused else value for name, value in values.items()}
    told |= {"gated": False, "kind": kind, "value": told["value_strict_two_tail"], "alpha": alpha, "sd_diff": sd_diff}
    told |= {"n": _whole(n_pairs), "delta": delta, "power": power}
    if kind == "n" and refused is None:
        told["n_ceiling"] = ceil(told["value"] - 1e-9)
    return told | {"notes": [*NOTES, *_grid_note(n_pairs, alpha)]}


def _kind(n_pairs: float | None, delta: float | None, power: float | None) -> str | None:
    absent = [name for name, value in (("n", n_pairs), ("mdd", delta), ("power", power)) if value is None]
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


def _whole(n_pairs: float | None) -> float | int | None:
    return int(n_pairs) if n_pairs is not None and float(n_pairs).is_integer() else n_pairs
