from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import pyotp
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, ValidationError

import qc
import qc.api.demo
from checks.profile import profile_names
from qc.cli.json_schemas import schema_names, schema_text
from qc.cli.main import command
from qc.cli.schema_files import generated_schemas
from qc.lab.layout import init_lab

STUDY = Path(__file__).resolve().parents[3] / "sample_runs" / "study"
SCREENS = ("morning", "triage", "log", "rules", "limits", "compare", "release", "corrections", "warnings")
JUDGED: dict[str, list[list[str]]] = {
    "assess": [["assess"], ["assess", "--why", "R9"]],
    "nightly": [["nightly", "--dry-run"], ["nightly"]],
    "nights": [["nights"], ["nights", "last"]],
    "queue": [["queue"]],
    "status": [["status"]],
    "show": [["show", "R9.5"], ["show", "R15"], ["show", "R15/tnf_alpha"]],
    "decide": [
        ["decide", "reject", "R15.22", "--reason", "outlier_well"],
        ["decide", "undo", "R15.22"],
        ["decide", "comment", "--filter", "item:R15.22", "--count", "1", "--note", "looked at"],
    ],
    "ignore": [["ignore"]],
    "cost": [["cost", "R3"]],
    "sql": [["sql", "SELECT run, started_at FROM runs", "--reason", "test"]],
    "gate": [["gate"]],
    "users-list": [["users", "list"]],
    "users-settings": [["users", "settings"]],
    "users-who": [["users", "who"]],
    "sign-out": [["sign-out"]],
    "doctor": [["doctor"]],
    "audit-log": [["audit", "log"]],
    "audit-review": [["audit", "review"]],
    "unblind": [["unblind", "R15.3", "--reason", "test"]],
    "review": [["review", "--screen", name] for name in SCREENS],
    "map": [["map", "{study}/samples.csv"], ["map", "{study}/samples.csv", "--set", "matrix=serum"]],
    "ingest": [["ingest", "{study}/samples.csv"], ["ingest", "{lab}/qc.toml"]],
    "plan-lock": [["plan", "lock", "{study}/plan.toml"]],
    "plan-declare": [["plan", "declare", "--several-dilutions", "lowest_in_range", "--reason", "test"]],
    "audit-anchor": [["audit", "anchor", "{lab}/anchor.json", "--request", "{lab}/anchor.tsq"]],
    "evidence-make": [["evidence", "R15", "--out", "{lab}/pack"]],
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
    "release-diff": [["release", "diff", "ALS-1-R1", "ALS-1-R1"]],
    "exclusions": [["exclusions", "--reason", "test"]],
    "unblind": [["unblind", "R9.5", "--reason", "test"]],
    "review": [["review", "--screen", name] for name in SCREENS],
    "evidence-make": [["evidence", "ALS-1-R1", "--out", "{lab}/pack.zip"]],
}
"""The same on a lab with a release."""
WITHOUT_LAB: dict[str, list[list[str]]] = {
    "catalogue": [["catalogue"]],
    "catalogue-show": [["catalogue", "show", "ferritin"], ["catalogue", "show", "TIBC"]],
    "catalogue-check": [["catalogue", "check"]],
    "rules": [["rules"], ["rules", "westgard.2-2s"]],
    "rules-check": [["rules", "check"]],
    "schema": [["schema"]],
    "try-sigma": [
        ["try", "sigma", "--tea", "10", "--bias", "1", "--cv", "2"],
        ["try", "sigma", "--tea", "10", "--bias", "1", "--cv", "0"],
    ],
    "try-units": [
        ["try", "units", "5.0", "ng/mL", "ferritin", "serum"],
        ["try", "units", "<0.5", "furlong", "iron", "serum"],
        ["try", "units", "1", "ng/mL", "nonsense", "serum"],
    ],
    "try-westgard": [["try", "westgard", "--power", "--levels", "2"]],
}
"""Commands that need no lab."""
CURVE = "calibrator,S1,1,0.1,\ncalibrator,S2,3,0.25,\ncalibrator,S3,10,0.7,\ncalibrator,S4,30,1.4,\n"
CURVE += (
    "calibrator,S5,100,2.1,\ncalibrator,S6,300,2.5,\ncalibrator,S7,1000,2.65,\nblank,B,,0.02,\ncontrol,C1,20,1.1,\n"
)
SAMPLES = "sample,a,,0.5,2\nsample,b,,9,1\nsample,c,,0.01,1\nsample,d,,,1\n"
LOW = "".join(f"low,{day},{run},{1 + run / 10 + value}\n" for day in (1, 2) for run in (1, 2) for value in (0, 0.1))
NOTHING = "x\n1\n"
TRIED: dict[str, tuple[list[str], list[list[str]]]] = {
    "try-calibrate": (
        ["role,name,conc,signal,dilution\n" + CURVE + SAMPLES, "role,name,conc,signal\ncalibrator,S1,1,0.1\n", NOTHING],
        [[], ["--model", "5pl", "--weight", "none", "--refit"]],
    ),
    "try-chart": (
        ["value\n1\n2\n3\n\n9\n2\n", "value\n1\n", NOTHING],
        [
            [],
            ["--ewma", "0.2,3", "--cusum", "0.5,5,2"],
            ["--ewma", "0.2,3", "--ewma", "0.1,3", "--center", "2", "--sd", "1"],
        ],
    ),
    "try-isr": (["sample,initial,repeat\na,1,1.1\nb,2,2.9\nc,3,\n", NOTHING], [[], ["--samples", "30"]]),
    "try-lots": (
        ["old,new,group\n" + "".join(f"{n},{n * 1.1 + n % 3},x\n" for n in range(1, 12)), "old,new\n1,1\n", NOTHING],
        [[], ["--allowed", "5", "--at", "3"]],
    ),
    "try-precision": (
        ["level,day,run,value\n" + LOW, "group,value\na,1.0\na,1.1\nb,2\nb,2.2\nb,2.1\n", "value\n1\n2\n", NOTHING],
        [[], ["--claim-repeatability", "5", "--claim-within-lab", "6"]],
    ),
    "try-reference": (
        [
            "value\n" + "".join(f"{10 + n % 13 + n / 100}\n" for n in range(130)),
            "value\n1\n2\n",
            "value\n1\n1\n",
            NOTHING,
        ],
        [[]],
    ),
    "try-westgard": (
        [
            "run,level,z\n1,L1,0.5\n1,L2,2.1\n2,L1,3.5\n2,L2,\n3,L1,\n3,L2,\n",
            "run,level,value,mean,sd\na,L1,1,1,0\n",
            NOTHING,
        ],
        [[], ["--rules", "1-2s,7-T"]],
    ),
    "try-read": (["sample,analyte,value,unit\nS1,iron,<5,ug/dL\n", NOTHING], [[], ["--reader", "tidy"]]),
}
"""Trials on files, by the name of their schema: tables, and options."""
ELSEWHERE = {"paired", "plan-check", "try-adjust", "try-detection", "try-paired", "try-power", "try-repeated"}
"""Run against their schemas in ``test_json_schemas_of_statistics.py``."""
GENERATED = generated_schemas()
IN_TURN = [
    "watch",
    "init",
    "demo",
    "users-add",
    "sign-in",
    "users-set",
    "users-second-factor",
    "decide",
    "sign",
    "evidence-verify",
    "release-verify",
    "replay",
    "catalogue-new",
    "catalogue-add",
    "new-run",
    "backup",
    "restore",
    "rebuild",
]
"""Run by the tests below, each of which needs something of its own."""


def _closed(schema):
    alternatives = {node["$ref"].rsplit("/", 1)[1] for node in schema.get("anyOf", [])}
    for name, node in schema.get("$defs", {}).items():
        if "properties" in node and name not in {*alternatives, "ReadRow"}:
            node["additionalProperties"] = False
    return schema | {"unevaluatedProperties": False}


def _validated(name, arguments, typed=None):
    validator = Draft202012Validator(_closed(json.loads(schema_text(name))))
    done = CliRunner().invoke(command, [*arguments, "--json"], standalone_mode=False, input=typed)
    assert done.exception is None, (arguments, done.exception)
    values = [json.loads(line) for line in done.stdout.splitlines()]
    assert values, arguments
    for value in values:
        validator.validate(value)
    return values


def _filled(arguments, lab):
    return [*(word.format(lab=lab, study=STUDY) for word in arguments), "--lab", str(lab)]


@pytest.fixture(scope="module")
def labs(judged_demo, released_demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("schemas")
    shutil.copytree(judged_demo, folder / "judged")
    shutil.copytree(released_demo, folder / "released")
    return folder


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_is_one(name):
    Draft202012Validator.check_schema(json.loads(schema_text(name)))


def test_the_published_schemas_are_those_of_the_commands():
    assert schema_names() == sorted(GENERATED)


@pytest.mark.parametrize("name", GENERATED)
def test_a_published_schema_is_what_the_models_of_its_command_say(name):
    assert schema_text(name) == GENERATED[name], (
        f"the models have changed: write qc/cli/json_schemas/{name}.json anew with 'make schemas'"
    )


@pytest.mark.parametrize("name", JUDGED)
def test_what_a_command_prints_fits_its_schema(labs, name):
    for arguments in JUDGED[name]:
        _validated(name, _filled(arguments, labs / "judged"))


@pytest.mark.parametrize("name", RELEASED)
def test_what_a_command_prints_of_a_release_fits_its_schema(labs, name):
    for arguments in RELEASED[name]:
        _validated(name, _filled(arguments, labs / "released"))


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


@pytest.mark.parametrize("name", TRIED)
def test_what_a_trial_prints_fits_its_schema(name, tmp_path):
    tables, options = TRIED[name]
    files = [tmp_path / f"{number}.csv" for number in range(len(tables))]
    for file, text in zip(files, tables, strict=True):
        file.write_text(text)

    for more in options:
        told = _validated(name, [*name.split("-"), *map(str, files), *more])

        assert len(told) == len(files)
        assert [bool(one.get("error")) for one in (told[0], told[-1])] == [False, True]


def test_what_a_backup_and_the_way_back_print_fits_their_schemas(judged_demo, tmp_path):
    shutil.copytree(judged_demo, tmp_path / "lab")
    lab = ["--lab", str(tmp_path / "lab")]

    (made,) = _validated("backup", ["backup", str(tmp_path / "backups"), *lab])

    _validated("restore", ["restore", made["backup"], str(tmp_path / "again"), "--beside", *lab])
    _validated("restore", ["restore", made["backup"], "--rehearse", *lab])


def test_what_making_facts_again_prints_fits_its_schema(tmp_path):
    lab = ["--lab", str(tmp_path / "lab")]
    _validated("init", ["init", str(tmp_path / "lab")])
    _validated("ingest", ["ingest", str(STUDY / "subjects.csv"), *lab])

    _validated("rebuild", ["rebuild", *lab])


def test_what_making_a_lab_prints_fits_its_schema(tmp_path):
    _validated("init", ["init", str(tmp_path / "lab")])
    _validated("init", ["init", str(tmp_path / "lab"), "--name", "again"])


@pytest.mark.parametrize("more", [[], ["--decide"]], ids=["judged", "decided"])
def test_what_the_demo_prints_fits_its_schema(tmp_path, judged_demo, monkeypatch, more):
    shutil.copytree(judged_demo, tmp_path / "demo")
    monkeypatch.setattr(qc.api.demo, "make_demo_lab", lambda folder, **_: qc.open_lab(folder))  # judged once for all

    (told,) = _validated("demo", ["demo", str(tmp_path / "demo"), *more])

    assert ("decisions" in told) == bool(more)
    assert told["gate"]["open"] is False


def test_what_a_watcher_prints_of_a_round_fits_its_schema(judged_demo, tmp_path, monkeypatch):
    def one_round(lab_of, *, told, **_):
        told(lab_of().nightly())

    shutil.copytree(judged_demo, tmp_path / "lab")
    monkeypatch.setattr("qc.nights.live.watch.watch", one_round)
    monkeypatch.setattr("signal.signal", lambda *_: None)

    _validated("watch", ["watch", "--lab", str(tmp_path / "lab")])


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_what_accounts_sessions_and_signatures_print_fits_their_schemas(judged_demo, tmp_path, monkeypatch):
    shutil.copytree(judged_demo, tmp_path / "lab")
    lab = ["--lab", str(tmp_path / "lab")]
    typed = "--password-stdin"

    _validated("users-add", ["users", "add", "root", "--role", "admin", typed, *lab], "a password of root\n")
    _validated("sign-in", ["sign-in", "root", typed, *lab], "a password of root\n")
    _validated("users-add", ["users", "add", "anna", "--role", "lab_manager", typed, *lab], "a password of anna\n")
    _validated("users-set", ["users", "set", "anna", "--full-name", "Anna Ek", *lab])
    _validated("sign-out", ["sign-out", *lab])
    _validated("sign-in", ["sign-in", "anna", typed, *lab], "a password of anna\n")
    _validated("decide", ["decide", "reject", "R9.5", "--reason", "haemolysed", *lab])
    _validated("sign", ["sign", "R9.5", "--meaning", "approval", *lab])
    _validated("users-who", ["users", "who", *lab])
    monkeypatch.setattr(pyotp, "random_base32", lambda: SECRET)
    typed_lines = f"a password of anna\n{pyotp.TOTP(SECRET).now()}\n"
    _validated("users-second-factor", ["users", "second-factor", "anna", typed, *lab], typed_lines)


def test_what_proofs_without_a_lab_print_fits_their_schemas(released_demo, tmp_path):
    shutil.copytree(released_demo, tmp_path / "lab")
    release = tmp_path / "lab" / "releases" / "ALS-1-R1"
    pack = tmp_path / "pack"
    _validated("evidence-make", ["evidence", "ALS-1-R1", "--out", str(pack), "--lab", str(tmp_path / "lab")])

    for _ in ("whole", "altered"):
        _validated("release-verify", ["release", "verify", str(release)])
        _validated("evidence-verify", ["evidence", "verify", str(pack)])
        for folder in (release, pack / "release" / "ALS-1-R1"):
            (folder / "results.csv").write_text("altered")


ENTRY = """id = "ferritin"
[matrices.plasma_edta]
unit = "ng/mL"
decimals = { value = 1, unit = "1", source = "Kit insert 4711", status = "confirmed" }
"""


def test_what_draws_files_up_prints_what_fits_its_schema(tmp_path):
    init_lab(tmp_path / "lab", name="x")
    lab, export = ["--lab", str(tmp_path / "lab")], tmp_path / "P1.csv"
    export.write_text("Well,OD\nA1,0.5\n")

    _validated("new-run", ["new", "run", str(export), *lab])
    _validated("catalogue-new", ["catalogue", "new", "ferritin", "--matrix", "plasma_edta", *lab])
    (tmp_path / "lab" / "catalogue" / "ferritin.toml.draft").write_text(ENTRY)
    _validated("catalogue-add", ["catalogue", "add", "ferritin", *lab])


def test_a_schema_fails_what_lacks_a_key(labs):
    (value,) = _validated("queue", ["queue", "--lab", str(labs / "judged")])
    del value["items"][0]["verdict"]

    with pytest.raises(ValidationError):
        Draft202012Validator(json.loads(schema_text("queue"))).validate(value)


def _commands(group, words):
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from _commands(found, [*words, name])
        if found is not None and any("--json" in parameter.opts for parameter in found.params):
            yield "-".join([*words, name])


COMMANDS = sorted({*_commands(command, []), "rules-check"})


def test_every_schema_belongs_to_a_command():
    assert set(schema_names()) <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_prints_json_has_a_schema_and_is_run_against_it(name):
    beside = Path(__file__).with_name("test_json_schemas_of_statistics.py").read_text()
    here = Path(__file__).read_text()

    is_run = name in {**JUDGED, **RELEASED, **WITHOUT_LAB, **TRIED}
    is_run |= name in IN_TURN and f'_validated("{name}"' in here
    is_run |= name in ELSEWHERE and f'"{name}"' in beside

    assert name in schema_names(), f"qc/cli/json_schemas/{name}.json is missing"
    assert is_run, f"no test runs '{name}' against its schema"
