from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from qc.lab.layout import LabPaths, find_lab, init_lab
from qc.lab.reasons import read_reasons
from qc.lab.settings import Settings
from qc.lab.settings_edit import with_settings
from qc.lab.settings_file import parse_settings, read_settings
from qc.store.facts import Facts
from qc.store.ledger import Ledger
from schemas.errors import ConfigError


def test_an_empty_file_gives_the_defaults() -> None:
    assert parse_settings("") == Settings()


def test_the_starter_file_writes_every_setting_with_its_default(tmp_path: Path) -> None:
    paths = init_lab(tmp_path / "lab", name="")

    tree = tomllib.loads(paths.settings.read_text())

    assert read_settings(paths.settings) == Settings()
    assert set(tree) == {section.name for section in fields(Settings)}
    for section, settings in tree.items():
        assert set(settings) == {setting.name for setting in fields(getattr(Settings(), section))}


def test_all_faults_of_a_file_are_told_at_once_with_the_nearest_name() -> None:
    text = """
        [lab]
        nam = "Lab"
        default_study = 7
        [asess]
        [gate]
        minimum_pairs = 0
        [ingest]
        max_file_mb = inf
        [stores]
        wait_s = "30"
    """

    with pytest.raises(ConfigError) as caught:
        parse_settings(text)

    told = {fault.where: fault.text for fault in caught.value.faults}
    assert told.keys() == {
        "[lab] nam",
        "[lab] default_study",
        "[asess]",
        "[gate] minimum_pairs",
        "[ingest] max_file_mb",
        "[stores] wait_s",
    }
    assert "Did you mean 'name'?" in told["[lab] nam"]
    assert "Did you mean 'assess'?" in told["[asess]"]
    assert "'7'" in told["[lab] default_study"]


@pytest.mark.parametrize("text", ["lab = 3", "[lab", "[assess]\nsuites = { serum = 1 }", "[[lab]]\nname = ''"])
def test_what_is_no_section_or_no_toml_is_a_fault(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_settings(text)


def test_a_missing_or_undecodable_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_settings(tmp_path / "qc.toml")
    (tmp_path / "qc.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_settings(tmp_path / "qc.toml")


def test_a_setting_is_written_where_it_stands_and_comments_stay() -> None:
    text = '# head\n[lab]\n# the name\nname = "old"\n\n[stores]\nwait_s = 30\n'

    written = with_settings(text, {"lab.name": 'The "new" lab \\ µ', "stores.wait_s": "2.5", "gate.minimum_pairs": "8"})

    settings = parse_settings(written)
    assert (settings.lab.name, settings.stores.wait_s, settings.gate.minimum_pairs) == ('The "new" lab \\ µ', 2.5, 8)
    assert written.startswith("# head\n[lab]\n# the name\nname = ")
    assert "old" not in written


@pytest.mark.parametrize(
    "settings", [{"lab.nam": "x"}, {"assess.suites": "x"}, {"stores.wait_s": "soon"}, {"name": "x"}]
)
def test_a_setting_that_cannot_be_is_not_written(settings: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        with_settings("", settings)


def test_a_new_lab_has_all_its_parts(tmp_path: Path) -> None:
    paths = init_lab(tmp_path / "deep" / "lab", name="Lab 1")

    assert read_settings(paths.settings).lab.name == "Lab 1"
    assert paths.blind_secret.stat().st_mode & 0o777 == 0o640
    for folder in ("inbox", "quarantine", "archive", "catalogue", "profiles", "suites", "releases", "reports"):
        assert (paths.root / folder).is_dir()
    for own in (paths.catalogue, paths.profiles, paths.suites):
        assert len((own / "README.md").read_text(encoding="utf-8").splitlines()) == 1
    with Facts(paths.facts).reading() as con:
        assert con.execute("SELECT count(*) FROM results").fetchone() == (0,)
    assert Ledger(paths.ledger).head() == (0, "0" * 64)
    assert Ledger(paths.ledger).verify() == []


def test_every_act_that_needs_a_reason_has_some(tmp_path: Path) -> None:
    reasons = read_reasons(init_lab(tmp_path / "lab", name="").reasons)

    for act in ("approve_over", "reject", "repeat"):
        assert sum(act in reason.acts for reason in reasons.values()) >= 3
    assert {"haemolysed", "clerical", "instrument", "dilution", "biologically_plausible", "other"} <= set(reasons)


def test_faulty_reasons_are_all_told(tmp_path: Path) -> None:
    path = tmp_path / "reasons.toml"
    path.write_text('a = 3\n[b]\ntext = ""\nacts = ["rejct"]\n[c]\ntxt = "x"\n')

    with pytest.raises(ConfigError) as caught:
        read_reasons(path)

    texts = " ".join(str(fault) for fault in caught.value.faults)
    assert "Did you mean 'reject'?" in texts
    assert "Did you mean 'text'?" in texts
    assert [fault.where for fault in caught.value.faults] == ["reason 'a'", *["reason 'b'"] * 2, *["reason 'c'"] * 3]


def test_making_a_lab_again_fills_in_what_is_missing_and_overwrites_nothing(tmp_path: Path) -> None:
    paths = init_lab(tmp_path / "lab", name="first")
    secret = paths.blind_secret.read_bytes()
    paths.reasons.write_text('[own]\ntext = "Ours."\nacts = ["reject"]\n')
    paths.inbox.rmdir()

    init_lab(tmp_path / "lab", name="second")

    assert read_settings(paths.settings).lab.name == "first"
    assert list(read_reasons(paths.reasons)) == ["own"]
    assert paths.blind_secret.read_bytes() == secret
    assert paths.inbox.is_dir()


def test_a_folder_with_other_things_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")

    with pytest.raises(ConfigError, match="other things"):
        init_lab(tmp_path, name="")

    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_folder_for_a_lab(tmp_path: Path) -> None:
    (tmp_path / "lab").write_text("x")

    with pytest.raises(ConfigError, match="is a file"):
        init_lab(tmp_path / "lab", name="")


def test_a_lab_is_found_by_name_then_by_environment_then_upward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, by_env, above = (tmp_path / name for name in ("named", "env", "above"))
    for folder in (named, by_env, above / "inbox" / "deep"):
        folder.mkdir(parents=True)
    for folder in (named, by_env, above):
        (folder / "qc.toml").write_text("")
    monkeypatch.chdir(above / "inbox" / "deep")

    assert find_lab(named, {"QC_LAB": str(by_env)}) == named
    assert find_lab(None, {"QC_LAB": str(by_env)}) == by_env
    assert find_lab(None, {}) == above
    assert find_lab(None, {"QC_LAB": ""}) == above


def test_no_lab_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigError, match="--lab or QC_LAB"):
        find_lab(None, {})
    with pytest.raises(ConfigError, match="that QC_LAB names holds no"):
        find_lab(None, {"QC_LAB": str(tmp_path)})
    with pytest.raises(ConfigError, match="run `qc init"):
        find_lab(tmp_path / "nowhere", {})


def test_paths_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert LabPaths.of(Path("lab")).facts == tmp_path / "lab" / "facts.duckdb"


def test_settings_stores_and_blinding_cost_nothing_heavy_at_import() -> None:
    program = (
        "import sys, qc.lab.reasons, qc.lab.settings_edit, qc.lab.blinding\n"
        "import schemas.canonical, qc.store.facts, qc.store.ledger\n"
        "print(sorted({'pydantic', 'sqlalchemy', 'duckdb', 'polars', 'pandas', 'numpy'} & set(sys.modules)))"
    )

    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env=os.environ,
    )

    assert told.stdout.strip() == "[]"
