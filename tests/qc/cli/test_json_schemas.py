from __future__ import annotations

import json
import shutil

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, ValidationError

from checks.profile import profile_names
from qc.cli.main import command
from qc.json_schemas import schema_names, schema_text

JUDGED: dict[str, list[list[str]]] = {
    "assess": [["assess"]],
    "nightly": [["nightly"]],
    "queue": [["queue"]],
    "show": [["show", "R9.5"], ["show", "R15"], ["show", "R15/tnf_alpha"]],
    "decide": [["decide", "reject", "R15.22", "--reason", "outlier_well"], ["decide", "undo", "R15.22"]],
    "cost": [["cost", "R3"]],
    "gate": [["gate"]],
    "users-list": [["users", "list"]],
    "users-who": [["users", "who"]],
    "sign-out": [["sign-out"]],
    "doctor": [["doctor"]],
    "audit-log": [["audit", "log"]],
    "audit-review": [["audit", "review"]],
    "unblind": [["unblind", "R15.3", "--reason", "test"]],
}
"""Commands by the name of their schema, in turn on a lab with waiting items; add a line for a new command."""
RELEASED: dict[str, list[list[str]]] = {
    "gate": [["gate"]],
    "report": [["report"]],
    "audit-verify": [["audit", "verify", "--quick"]],
    "audit-log": [["audit", "log"], ["audit", "log", "--kind", "plan_lock"]],
    "audit-review": [["audit", "review"]],
    "plan-show": [["plan", "show"]],
    "trace": [["trace", "tnf_alpha/csf"], ["trace", "R9.5"]],
    "release-make": [["release"]],
    "exclusions": [["exclusions", "--reason", "test"]],
    "unblind": [["unblind", "R9.5", "--reason", "test"]],
}
"""The same on a lab with a release."""
WITHOUT_LAB: dict[str, list[list[str]]] = {
    "catalogue": [["catalogue"]],
    "catalogue-show": [["catalogue", "show", "ferritin"], ["catalogue", "show", "TIBC"]],
    "catalogue-check": [["catalogue", "check"]],
    "rules": [["rules"], ["rules", "westgard.2-2s"]],
    "rules-check": [["rules", "check"]],
    "schema": [["schema"]],
}
"""Commands that need no lab."""


def _validated(name, arguments):
    validator = Draft202012Validator(json.loads(schema_text(name)))
    done = CliRunner().invoke(command, [*arguments, "--json"], standalone_mode=False)
    assert done.exception is None, (arguments, done.exception)
    values = [json.loads(line) for line in done.stdout.splitlines()]
    assert values, arguments
    for value in values:
        validator.validate(value)
    return values


@pytest.fixture(scope="module")
def labs(judged_demo, released_demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("schemas")
    shutil.copytree(judged_demo, folder / "judged")
    shutil.copytree(released_demo, folder / "released")
    return folder


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_is_one(name):
    Draft202012Validator.check_schema(json.loads(schema_text(name)))


@pytest.mark.parametrize("name", JUDGED)
def test_what_a_command_prints_fits_its_schema(labs, name):
    for arguments in JUDGED[name]:
        _validated(name, [*arguments, "--lab", str(labs / "judged")])


@pytest.mark.parametrize("name", RELEASED)
def test_what_a_command_prints_of_a_release_fits_its_schema(labs, name):
    for arguments in RELEASED[name]:
        _validated(name, [*arguments, "--lab", str(labs / "released")])


@pytest.mark.parametrize("name", WITHOUT_LAB)
def test_what_a_command_prints_without_a_lab_fits_its_schema(name):
    for arguments in WITHOUT_LAB[name]:
        _validated(name, arguments)


def test_what_a_replay_prints_fits_its_schema(labs, tmp_path):
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    for name in profile_names():
        text = f'extends = "{name}"\ncontext = "trial"\n[rules."westgard.1-2s"]\n'
        text += 'sd_limit = { value = 0.1, unit = "SD", source = "trial", status = "proposed" }\n'
        (profiles / f"{name}.toml").write_text(text, encoding="utf-8")

    (told,) = _validated("replay", ["replay", "--rules", str(tmp_path), "--lab", str(labs / "judged")])

    assert told["changes"]


def test_a_schema_fails_what_lacks_a_key(labs):
    (value,) = _validated("queue", ["queue", "--lab", str(labs / "judged")])
    del value["items"][0]["verdict"]

    with pytest.raises(ValidationError, match="'verdict' is a required property"):
        Draft202012Validator(json.loads(schema_text("queue"))).validate(value)


def _commands(group, words):
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from _commands(found, [*words, name])
        if found is not None and any("--json" in parameter.opts for parameter in found.params):
            yield "-".join([*words, name])


def test_every_schema_belongs_to_a_command():
    assert set(schema_names()) <= {*_commands(command, []), "rules-check"}
