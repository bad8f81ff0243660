"""A lab's own package adds a reader and a rule by entry points; one that does not fit is refused in a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checks import registry
from checks.registry import foreign_rules, rules
from qc.assess.prepare.rule_set import load_rule_set
from qc.readers import known_readers
from qc.readers.known_readers import readers
from qc.readers.read import read_plate, sniff
from qc.readers.text.source import Source
from qc.store.frames import query
from schemas.errors import ConfigError, ReaderError

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "toylab"
version = "0.3"

[project.entry-points."qc.readers"]
toy = "toylab.toy_reader"

[project.entry-points."qc.rules"]
toy = "toylab.toy_rule"
"""
READER = '''
"""Toy exports: a line TOYREADER, then one well and its reading a line."""

from schemas.plates.plate import Block, Plate, Reading, format_for, named
from qc.readers.protocol import Claim


class ToyReader:
    """Read toy exports."""

    name = "toy"
    version = "1"
    is_plate = True
    instrument = "Toy"

    def claim(self, source):
        """Claim a file that begins with TOYREADER."""
        return Claim.SIGNATURE if source.text.startswith("TOYREADER") else None

    def plates(self, source, account):
        """Read the plate."""
        for row in source.sheets[0].rows:
            account.use(source.sheets[0], row)
        lines = [line.split() for line in source.text.splitlines()[1:]]
        readings = {well: Reading(text, number) for number, (well, text) in enumerate(lines, 2)}
        return named([Plate("", (Block("signal", readings),), *format_for(list(readings)))], source.stem)


READER = ToyReader()
'''
RULE = '''
"""Toy rule."""

from checks.result_rows import about_result, result_name
from checks.rule import rule
from schemas.finding import Scope, Verdict


@rule("toy.thirteen", scope=Scope.RESULT)
def thirteen(run_input, limits):
    """Flag every result of thirteen.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at.
    limits : mapping of str to Limit
        None.

    Returns
    -------
    list of Finding
        One for each.

    References
    ----------
    .. [1] Toy.
    """
    found = [row for row in run_input.results.iter_rows(named=True) if row["value"] == 13]
    return [about_result("toy.thirteen", Verdict.WARN, row, f"{result_name(row)} is 13.") for row in found]
'''
EXPORT = "TOYREADER 7\nA1 0.5\nB1 13\n"


def run_qc(*words, packages):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(packages), str(ROOT)])}
    return subprocess.run(
        [sys.executable, "-m", "qc", *map(str, words)],
        env=environment, cwd=packages, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    source, packages = tmp_path_factory.mktemp("toylab"), tmp_path_factory.mktemp("packages")
    (source / "toylab").mkdir()
    (source / "pyproject.toml").write_text(PYPROJECT)
    for name, text in {"__init__": '"""Toys."""', "toy_reader": READER, "toy_rule": RULE}.items():
        (source / "toylab" / f"{name}.py").write_text(text)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(packages), str(source)], check=True, capture_output=True)
    return packages


def test_an_installed_package_adds_a_reader(installed, tmp_path):
    (tmp_path / "plate.txt").write_text(EXPORT)

    said = run_qc("try", "read", tmp_path / "plate.txt", "--json", packages=installed)

    assert said.returncode == 0, said.stderr
    answer = json.loads(said.stdout)
    assert (answer["reader"], answer["instrument"]) == ("toy", "Toy")
    assert [(well["well"], well["signal"]) for well in answer["wells"]] == [("A1", 0.5), ("B1", 13.0)]


def test_an_installed_package_adds_a_rule(installed):
    said = run_qc("rules", packages=installed)

    assert said.returncode == 0, said.stderr
    assert "toy.thirteen, of 'toylab' 0.3 Flag every result of thirteen." in said.stdout
    assert "westgard.2-2s" in said.stdout


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Offer modules under entry points, as an installed distribution does, in this process."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    written: set[str] = set()

    def offer(distribution, group, **modules):
        lines = "".join(f"{name} = {name}\n" for name in modules)
        home = folder / f"{distribution}-0.1.dist-info"
        home.mkdir(exist_ok=True)
        (home / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 0.1\n")
        (home / "entry_points.txt").write_text(f"[{group}]\n{lines}")
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(text)
            sys.modules.pop(name, None)
            written.add(name)
        forget()

    def forget():
        readers.cache_clear()
        registry._all_rules.cache_clear()

    yield offer
    monkeypatch.undo()
    forget()
    for name in written:
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    "text, words",
    [
        ("import a_module_that_is_not_there", "cannot be loaded (ModuleNotFoundError"),
        ("1 / 0", "cannot be loaded (ZeroDivisionError"),
        ("x = (", "cannot be loaded (SyntaxError"),
        ("READER = None", "as qc.readers.protocol describes: it lacks name, version, is_plate, claim"),
        (READER.replace("def plates", "def plates_of"), "describes: it lacks plates."),
        (READER.replace("source, account", "source"), "it lacks 'account' as the last argument of 'plates'."),
        (READER.replace("READER = ToyReader()", "READER = ToyReader"), "it is a class and not an object of it"),
        (READER.replace('"toy"', '"tidy"'), "Reader 'tidy' is offered by 'assaygate' and by 'toylab' 0.1."),
    ],
    ids=["missing module", "breaks", "syntax", "no reader", "half", "no account", "class", "name of a shipped reader"],
)  # fmt: skip
def test_a_reader_that_does_not_fit_is_refused_in_a_sentence(package, text, words):
    package("toylab", "qc.readers", toy_reader=text)

    with pytest.raises(ConfigError) as caught:
        readers()

    assert words in str(caught.value)
    assert "toylab" in str(caught.value)


@pytest.mark.parametrize(
    "text, words",
    [
        ("1 / 0", "cannot be loaded (ZeroDivisionError"),
        ("x = 1", "It gives no rule"),
        (RULE.replace("toy.thirteen", "thirteen"), "cannot be loaded (RuleDefinitionError"),
        (
            RULE.replace("toy.thirteen", "westgard.2-2s"),
            "Rule 'westgard.2-2s' is offered by 'assaygate' and by 'toylab' 0.1.",
        ),
    ],
    ids=["breaks", "no rule", "id without a dot", "id of a shipped rule"],
)
def test_a_rule_that_does_not_fit_is_refused_in_a_sentence(package, text, words):
    package("toylab", "qc.rules", toy_rule=text)

    with pytest.raises(ConfigError) as caught:
        rules()

    assert words in str(caught.value)
    assert "toylab" in str(caught.value)


def test_two_packages_with_one_name_are_refused_by_naming_both(package):
    package("toylab", "qc.readers", toy_reader=READER)
    package("otherlab", "qc.readers", other_reader=READER)

    with pytest.raises(ConfigError, match=r"Reader 'toy' is offered by 'otherlab' 0.1 and by 'toylab' 0.1"):
        readers()


def test_a_broken_package_ends_a_command_with_a_sentence_and_no_traceback(package, tmp_path):
    package("toylab", "qc.readers", toy_reader="1 / 0")
    (tmp_path / "plate.txt").write_text(EXPORT)

    said = run_qc("try", "read", tmp_path / "plate.txt", "--json", packages=tmp_path / "site")

    assert said.returncode == 2
    assert "entry point 'toy_reader' of group 'qc.readers' in 'toylab' 0.1" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_broken_package_stops_ingest_before_a_file_is_touched(package, fresh_lab, tmp_path):
    package("toylab", "qc.readers", toy_reader="1 / 0")
    (tmp_path / "plate.txt").write_text(EXPORT)

    with pytest.raises(ConfigError):
        fresh_lab.ingest(tmp_path / "plate.txt")


def test_a_reader_that_trips_over_a_file_refuses_that_file_alone(package):
    package("toylab", "qc.readers", toy_reader=READER)
    damaged = Source(Path("plate.txt"), b"TOYREADER 7\nA1 0.5 0.6\n")

    with pytest.raises(
        ReaderError, match=r"Reader 'toy' of 'toylab' 0.1 stopped with a fault of its own \(ValueError\)"
    ):
        read_plate(damaged)
    assert sniff(damaged).name == "toy"


TABLE_READER = '''
"""Toy tables."""

from qc.readers.intake import Intake
from qc.readers.protocol import Claim


class ToyTables:
    """Read toy tables."""

    name = "toy"
    version = "1"
    is_plate = False

    def claim(self, source):
        """Claim a file that begins with TOYREADER."""
        return Claim.SIGNATURE if source.text.startswith("TOYREADER") else None

    def read(self, source, run_sheet, account):
        """Read a table that nobody knows."""
        return Intake("results", self.name, self.version, "", (), {"toys": None})


READER = ToyTables()
'''


def test_a_table_that_is_not_known_is_quarantined_with_a_sentence(package, fresh_lab, tmp_path):
    package("toylab", "qc.readers", toy_reader=TABLE_READER)
    (tmp_path / "plate.txt").write_text(EXPORT)

    (outcome,) = fresh_lab.ingest(tmp_path / "plate.txt")

    assert outcome.outcome == "quarantined"
    assert "Reader 'toy' gives a table 'toys' that is not known." in str(outcome)


def test_the_hash_of_the_rule_set_knows_the_rules_of_other_packages_and_their_source(package, fresh_lab):
    shipped_alone = load_rule_set(fresh_lab).sha256
    package("toylab", "qc.rules", toy_rule=RULE)
    with_toy = load_rule_set(fresh_lab).sha256
    package("toylab", "qc.rules", toy_rule=RULE.replace("== 13", "== 14"))
    changed = load_rule_set(fresh_lab).sha256

    assert set(foreign_rules()) == {"toy.thirteen"}
    assert len({shipped_alone, with_toy, changed}) == 3


def judged_by_toy(lab):
    lab.assess()
    with lab.facts.reading() as con:
        return query(con, "SELECT sentence FROM open_findings WHERE rule = 'toy.thirteen'")["sentence"].to_list()


def test_a_rule_of_another_package_judges_where_a_profile_asks_it_and_again_when_its_source_has_changed(
    package, fresh_lab
):
    package("toylab", "qc.rules", toy_rule=RULE)
    root = fresh_lab.paths.root
    (root / "profiles").mkdir(exist_ok=True)
    (root / "profiles" / "ours.toml").write_text('context = "Toy."\nextends = "sample-rules"\n[rules."toy.thirteen"]\n')
    (root / "results.csv").write_text("sample,analyte,matrix,value,unit\nS1,ferritin,serum,13,ng/mL\n")
    (root / "samples.csv").write_text("sample,subject,visit,matrix\nS1,P1,0,serum\n")
    fresh_lab.ingest(root / "samples.csv")
    fresh_lab.ingest(root / "results.csv", run="R1", profile="ours")

    first = judged_by_toy(fresh_lab)
    package("toylab", "qc.rules", toy_rule=RULE.replace("== 13", "== 14"))
    second = judged_by_toy(fresh_lab)

    assert len(first) == 1
    assert first[0].endswith("is 13.")
    assert second == []


def test_a_rule_of_ours_that_a_package_imports_stays_ours(package):
    package("toylab", "qc.rules", toy_rule=RULE + "\nfrom checks.controls.two_2s import two_2s\n")

    assert set(foreign_rules()) == {"toy.thirteen"}
    assert "toy.thirteen" in rules()


def test_no_package_offers_anything_here():
    known_readers.refuse_unfit_packages()

    assert not foreign_rules()
