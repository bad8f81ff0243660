"""How a thing is added: every folder is walked, and a half that was forgotten is named in a sentence."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from qc.cli.commands import COMMANDS
from qc.cli.json_schemas import schema_names
from qc.cli.trying import TRIALS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def modules_with(folder, name):
    """Names of the modules of a folder that define a name at their top."""
    found = []
    for file in sorted((ROOT / folder).glob("*.py")):
        body = ast.parse(file.read_text(encoding="utf-8")).body
        defined = {part.name for part in body if isinstance(part, ast.FunctionDef | ast.ClassDef)}
        defined |= {
            target.id
            for part in body
            if isinstance(part, ast.Assign)
            for target in part.targets
            if isinstance(target, ast.Name)
        }
        found += [file.stem] if name in defined else []
    return found


def forgotten_commands(files, homes, readme):
    """Sentences on commands of which a part is missing."""
    listed = {home for home, _ in homes.values()}
    said = [
        f"Add a line for 'qc.cli.{name}' to COMMANDS in qc/cli/commands.py: nobody can call it."
        for name in files
        if f"qc.cli.{name}" not in listed
    ]
    said += [
        f"Write {home.replace('.', '/')}.py with a 'command': COMMANDS lists 'qc {name}' there."
        for name, (home, _) in homes.items()
        if home.rpartition(".")[2] not in files
    ]
    said += [
        f"Add a row for `qc {name}` to the commands in README.md: nobody will find it."
        for name in homes
        if f"`qc {name}" not in readme
    ]
    return said


def forgotten_trials(files, trials, schemas):
    """Sentences on trials of which a part is missing."""
    said = [
        f"Add a line for '{name}' to TRIALS in qc/cli/trying.py: nobody can call it."
        for name in files
        if name not in trials
    ]
    said += [
        f"Write qc/cli/trials/{name}.py with a 'command': TRIALS lists it." for name in trials if name not in files
    ]
    said += [
        f"Publish qc/cli/json_schemas/try-{name}.json: 'qc try {name} --json' has no shape."
        for name in trials
        if f"try-{name}" not in schemas
    ]
    return said


def test_every_command_is_whole():
    said = forgotten_commands([name for name in modules_with("qc/cli", "command") if name != "main"], COMMANDS, README)

    assert not said, "\n".join(said)


def test_every_trial_is_whole():
    said = forgotten_trials(modules_with("qc/cli/trials", "command"), TRIALS, set(schema_names()))

    assert not said, "\n".join(said)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (forgotten_commands(["init"], {}, ""), "Add a line for 'qc.cli.init' to COMMANDS"),
        (forgotten_commands([], {"init": ("qc.cli.init", "")}, "`qc init`"), "Write qc/cli/init.py with a 'command'"),
        (forgotten_commands(["init"], {"init": ("qc.cli.init", "")}, ""), "Add a row for `qc init`"),
        (forgotten_trials(["sigma"], {}, set()), "Add a line for 'sigma' to TRIALS"),
        (forgotten_trials([], {"sigma": ""}, {"try-sigma"}), "Write qc/cli/trials/sigma.py"),
        (forgotten_trials(["sigma"], {"sigma": ""}, set()), "Publish qc/cli/json_schemas/try-sigma.json"),
    ],
)
def test_a_forgotten_half_is_named_in_one_sentence(said, words):
    assert len(said) == 1
    assert words in said[0]


@pytest.mark.parametrize("package", ["schemas", "checks", "qc", "tui"])
def test_every_room_says_what_it_is_for(package):
    silent = [
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / package).rglob("__init__.py"))
        if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]

    assert not silent, f"Say in one sentence at the top what these rooms are for: {', '.join(silent)}."


def test_every_command_of_the_table_can_be_loaded():
    for name, (home, _) in COMMANDS.items():
        assert importlib.import_module(home).command.name in (name, None), f"'{home}' defines another command."
