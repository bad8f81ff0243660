"""``qc rules``: the manual of the rules."""

from __future__ import annotations

import click

from qc.cli.options import json_option


@click.command("rules")
@click.argument("rule_id", required=False)
@json_option
def command(rule_id: str | None, as_json: bool) -> int:
    """List all rules, or print the manual of one with its limits in each profile and their sources."""
    from checks.profile import load_profile, profile_names
    from checks.registry import rules
    from qc.cli.output import data, say
    from schemas.errors import ConfigError

    known = rules()
    if rule_id is not None and rule_id not in known:
        raise ConfigError(f"Rule '{rule_id}' is not known. 'qc rules' lists all of them.")
    profiles = [load_profile(name) for name in profile_names()]
    for rule in [known[rule_id]] if rule_id else known.values():
        limits = {
            p.name: [lim.as_json() for lim in p.limits_by_rule[rule.id].values()]
            for p in profiles
            if rule.id in p.limits_by_rule
        }
        told = {
            "id": rule.id,
            "version": rule.version,
            "scope": rule.scope.value,
            "manual": rule.manual,
            "limits": limits,
        }
        if as_json:
            data(told)
            continue
        if rule_id is None:
            say(f"{rule.id:<28} {rule.manual.splitlines()[0]}")
            continue
        say(f"{rule.id}, version {rule.version}, scope {rule.scope.value}\n\n{rule.manual}\n")
        for name, entries in limits.items():
            for entry in entries:
                basis = f"{entry['status']}; {entry['source']}"
                say(f"{name}: {entry['name']} = {entry['value']:g} {entry['unit']} ({basis})")
    return 0
