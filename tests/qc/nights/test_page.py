from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

import qc
from qc.cli.main import command
from qc.decide.queue_causes import by_cause
from qc.nights.page.drawn_chart import HEIGHT, WIDTH, drawn_chart
from qc.nights.page.night_page import ControlChart
from qc.triage.control_chart_view import ControlPoint

STUDY = Path(__file__).resolve().parents[3] / "sample_runs" / "study"
HOSTILE = '<script>alert(1)</script>&".csv'.replace("/", "_")


class Fetched(HTMLParser):
    """Everything that a browser would open, or run, on its own or by a click."""

    def __init__(self):
        super().__init__()
        self.links, self.tags = set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links |= {value for name, value in attrs if name in ("href", "src", "xlink:href", "action")}


def parts_of(page):
    parser = Fetched()
    parser.feed(page.read_text())
    return parser


@pytest.fixture(scope="module")
def two_nights(made_once):
    """A night that refused a file and judged a plate, and one over nothing new."""

    def make(folder):
        lab = qc.init_lab(folder, name='A "lab" <b>', settings={"lab.default_study": "ALS-1"})
        for path in [*STUDY.glob("s*s.csv"), STUDY / "controls.csv", *(STUDY / "plates").glob("serum-tnf-1.*")]:
            shutil.copyfile(path, lab.paths.inbox / path.name)
        (lab.paths.inbox / HOSTILE).write_bytes(b"sample,analyte,value\x00\n")
        lab.nightly()
        lab.nightly()

    return qc.open_lab(made_once("two_nights", make))


def kept(lab):
    return [json.loads(path.read_text()) for path in sorted((lab.paths.reports / "nights").glob("*.json"))]


def test_the_page_shows_every_file_run_cause_and_control_that_the_lab_has(two_nights):
    first, second = kept(two_nights)
    causes = by_cause(two_nights.queue())
    with two_nights.facts.reading() as con:
        materials = con.execute("SELECT DISTINCT analyte, matrix, material, level FROM control_results").fetchall()
        flagged = con.execute("SELECT count(DISTINCT result_id) FROM findings WHERE holds AND result_id > 0").fetchall()

    waiting = {one["name"] for one in first["waiting"]}
    assert waiting == {one.cause for one in causes.causes} | {one.shown.item for one in causes.alone} != set()
    assert {one["since"] for one in first["waiting"]} == {"new"}
    assert {one["since"] for one in second["waiting"]} == {"old"}
    assert {(c["analyte"], c["matrix"], c["material"], c["level"]) for c in first["charts"]} == set(materials)
    assert [run["run"] for run in first["runs"]] == ["serum-tnf-1"]
    assert first["plates"][0]["plate"]["plate"] == "1"
    assert flagged[0][0] > 0
    assert (first["outcome"], second["outcome"]) == ("refused", "waits")


def test_the_pages_open_offline_run_nothing_and_lead_to_files_that_are_there(two_nights):
    folder = two_nights.paths.reports / "nights"

    for page in sorted(folder.glob("*.html")):
        text, parts = page.read_text(), parts_of(page)
        assert "script" not in parts.tags
        assert not re.search(r"https?://|@import|url\((?!#)", text)
        files = {link for link in parts.links if not link.startswith("#")}
        assert {link for link in files if not (folder / link).is_file()} == set()
        anchors = {link[1:] for link in parts.links if link.startswith("#")}
        assert anchors <= set(re.findall(r'id="([^"]+)"', text))
    assert "&lt;script&gt;" in sorted(folder.glob("2*.html"))[0].read_text()


def test_the_xml_counts_a_refused_file_and_a_rejected_run_as_failures(two_nights):
    first = sorted((two_nights.paths.reports / "nights").glob("*.xml"))[0]

    root = ET.parse(first).getroot()

    suites = {suite.get("name"): suite for suite in root}
    assert [case.get("name") for case in suites["files"] if case.find("failure") is not None] == [HOSTILE]
    assert suites["files"].get("tests") == str(len(kept(two_nights)[0]["files"]))
    assert sum(int(suite.get("failures")) for suite in root) == len(root.findall(".//failure"))


def test_a_night_stands_though_its_page_cannot_be_written(fresh_lab):
    (fresh_lab.paths.reports / "nights").write_text("in the way")

    night = fresh_lab.nightly()

    assert night.page is None
    assert len(night.faults) == 1
    assert list((fresh_lab.paths.reports / "nightly").glob("*.json"))


@pytest.mark.parametrize("words", [[], ["last"], ["2"], ["nonsense"]])
def test_nights_are_listed_and_told_again(two_nights, words):
    done = CliRunner().invoke(command, ["nights", *words, "--json", "--lab", str(two_nights.paths.root)])

    first, second = kept(two_nights)
    if not words:
        assert [night["night"] for night in json.loads(done.stdout)["nights"]] == [second["night"], first["night"]]
    elif words == ["last"]:
        assert json.loads(done.stdout) == second
    else:
        assert done.exit_code != 0
        assert "qc nights" in str(done.exception)


@pytest.mark.parametrize("n", [1, 2, 7, 60])
def test_every_point_of_a_chart_lies_within_it_however_far_off_it_is(n):
    far = (0.0, 2.9, -3.1, 4.0, 55.0, -1e9, None)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    points = tuple(
        ControlPoint(
            run=f"r{number}",
            at=start + timedelta(days=number),
            value=1.0,
            z=far[number % len(far)],
            target=1.0,
            sd=1.0,
            rules=("1-3s",) if number % 3 == 0 else (),
            events=("reagent lot X",) if number % 5 == 1 else (),
            is_own=False,
        )
        for number in range(n)
    )
    chart = ControlChart(
        analyte="a", matrix="serum", material="m", level="L1", unit="U/L", is_in_trouble=True, points=points, events=()
    )

    drawn = drawn_chart(chart)

    assert len(drawn.points) == sum(point.z is not None for point in points)
    assert all(0 <= one.x <= WIDTH and 0 <= one.y <= HEIGHT for one in drawn.points)
    distances = [point.z for point in points if point.z is not None]
    assert [one.kind == "edge" for one in drawn.points] == [abs(z) > 4 for z in distances]
    labelled = [one.x for one in drawn.points if one.label]
    assert all(later - earlier >= 100 for earlier, later in pairwise(labelled))
