import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

import qc
from qc.api.demo import decide_all
from qc.cli.main import command
from qc.plan.plan_history import releases_under_plans
from qc.release.gated_tests import write_reports


@pytest.fixture
def lab(released_demo, tmp_path):
    shutil.copytree(released_demo, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def _lock_with(lab, old, new):
    text = (lab.paths.root / "plan.toml").read_text()
    assert old in text
    changed = lab.paths.root / "changed.toml"
    changed.write_text(text.replace(old, new))
    lab.lock_plan(changed)


def test_nothing_is_said_of_a_plan_that_never_changed(lab):
    page = write_reports(lab, formats=("html",))["html"].read_text()

    assert "Versions of the plan, side by side" not in page
    assert [one.as_json() for one in releases_under_plans(lab, "ALS-1")] == [
        {"release": "ALS-1-R1", "plan_version": 1, "changed_since": []}
    ]


def test_a_plan_that_changes_after_a_release_shows_beside_that_release(lab):
    _lock_with(lab, 'correction = "holm"', 'correction = "bh"')

    files = write_reports(lab, "ALS-1-R1", formats=("json", "html"))
    told = json.loads(files["json"].read_text())

    assert told["plan_changes"] == [{"key": "correction", "values": ['"holm"', '"bh"']}]
    assert [one["locked_before_release"] for one in told["plan_versions"]] == [True, False]
    page = files["html"].read_text()
    assert "Versions of the plan, side by side" in page
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert f"Version 2, locked {today}" in page
    assert page.index(", before the release</th>") < page.index(", after the release</th>")
    assert "<code>&#34;holm&#34;</code>" in page
    assert "<code>&#34;bh&#34;</code>" in page


def test_plan_show_says_under_which_version_a_release_was_made_and_what_changed_since(lab):
    _lock_with(lab, 'correction = "holm"', 'correction = "bh"')

    said = CliRunner().invoke(command, ["plan", "show", "--lab", str(lab.paths.root)], standalone_mode=False).output

    assert "ALS-1-R1 was made under version 1; changed in the plan since: correction." in said


def test_a_release_before_any_plan_is_told_as_one(judged_demo, tmp_path):
    shutil.copytree(judged_demo, tmp_path / "lab")
    lab = qc.open_lab(tmp_path / "lab")
    decide_all(lab)
    lab.release()
    lab.lock_plan(lab.paths.root / "plan.toml")

    (told,) = releases_under_plans(lab, "ALS-1")

    assert told.version == 0
    assert "correction" in told.changed_since
