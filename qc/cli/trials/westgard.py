"""``qc try westgard``: control results judged by Westgard rules, or the power of a set of rules."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.trials.each_file import each_file, print_answer, trial_json_option


@click.command("westgard")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rules", default=None, help="Rules, joined by commas; by number of levels if not given.")
@click.option("--set", "set_name", default=None, metavar="NAME", help="A named set of rules: multirule-n2, sigma-5-n3.")
@click.option("--profile", default=None, metavar="NAME", help="The Westgard rules of an acceptance profile.")
@click.option("--power", is_flag=True, help="Tell how often the rules reject without a fault, and find a shift.")
@click.option("--levels", type=int, default=2, show_default=True, help="Controls a run, for --power.")
@click.option("--shift", type=float, default=2.0, show_default=True, metavar="SD", help="Shift to find, for --power.")
@trial_json_option("checks.trials.westgard:WestgardAnswer", "checks.trials.power_of_rules:PowerOfRulesAnswer")
def command(
    files: tuple[Path, ...],
    rules: str | None,
    set_name: str | None,
    profile: str | None,
    *,
    power: bool,
    levels: int,
    shift: float,
    as_json: bool,
) -> int:
    """Judge control results (CSV: run, level and z, or value, mean, sd) by Westgard rules."""
    from checks.arithmetic.charts.westgard import WARNING_RULES
    from checks.rule_sets.named import rule_set_named
    from checks.trials.power_of_rules import power_of_rules
    from checks.trials.westgard import westgard as judge
    from schemas.errors import ConfigError

    chosen = _chosen(rules, set_name, profile)
    warns = rule_set_named(set_name).warns if set_name is not None else WARNING_RULES
    if power == bool(files):
        raise ConfigError("Give files to judge, or --power for the power of the rules; one of the two.")
    if power:
        print_answer(power_of_rules(chosen, n_levels=levels, shift_sd=shift), as_json=as_json)
        return ExitCode.CLEAN
    return each_file(files, lambda text: judge(text, rules=chosen, warns=warns), as_json=as_json)


def _chosen(rules: str | None, set_name: str | None, profile: str | None) -> list[str] | None:
    from checks.arithmetic.charts.westgard import check_rules
    from checks.rule_sets.named import rule_set_named
    from schemas.errors import ConfigError

    if sum(one is not None for one in (rules, set_name, profile)) > 1:
        raise ConfigError("Give one of --rules, --set and --profile.")
    if profile is not None:
        return _rules_of(profile)
    if set_name is not None:
        return list(rule_set_named(set_name).rules)
    chosen = [rule.strip() for rule in rules.split(",")] if rules else None
    check_rules(chosen or ())
    return chosen


def _rules_of(profile: str) -> list[str]:
    from checks.profile import load_profile
    from schemas.errors import ConfigError

    limits_by_rule = load_profile(profile).limits_by_rule
    rules = [rule_id.removeprefix("westgard.") for rule_id in limits_by_rule if rule_id.startswith("westgard.")]
    if not rules:
        raise ConfigError(f"Profile '{profile}' has no Westgard rule.")
    return rules
