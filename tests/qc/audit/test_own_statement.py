from __future__ import annotations

import pytest

import qc
from qc.cli.main import _outcome
from qc.store.entry import Kind
from schemas.errors import ConfigError, RightsError


@pytest.fixture
def lab(demo_folder):
    return qc.open_lab(demo_folder)


def test_a_statement_reads_the_facts_and_the_look_is_recorded(lab):
    rows = lab.sql("SELECT count(*) AS n FROM latest_results", reason="how many")

    assert rows["n"].to_list()[0] > 400
    (entry,) = lab.ledger.entries(kinds=[Kind.UNBLINDING])
    assert entry.body == {"reason": "how many", "statement": "SELECT count(*) AS n FROM latest_results"}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM results",
        "SELECT 1; DELETE FROM results",
        "COPY results TO '{folder}/out.csv'",
        "SELECT * FROM read_csv('{folder}/qc.toml')",
        "ATTACH '{folder}/other.duckdb'",
        "SET enable_external_access = true",
        "SELECT 1; SET lock_configuration = false",
        "nonsense",
        "SELECT * FROM nowhere",
    ],
)
def test_a_statement_neither_writes_nor_reaches_another_file(lab, statement):
    with pytest.raises(ConfigError, match="cannot be run"):
        lab.sql(statement.format(folder=lab.paths.root), reason="try")

    assert lab.verify() == []
    assert not list(lab.paths.root.glob("out.csv")) + list(lab.paths.root.glob("other*"))


def test_whoever_may_not_unblind_reads_nothing_and_nobody_without_a_reason(lab):
    with pytest.raises(ConfigError, match="A reason is needed"):
        lab.sql("SELECT 1", reason=" ")
    text = lab.paths.settings.read_text(encoding="utf-8")
    lab.paths.settings.write_text(text.replace('unblind = ["qa", "statistician"]', "unblind = []"), encoding="utf-8")

    with pytest.raises(RightsError):
        qc.open_lab(lab.paths.root).sql("SELECT 1", reason="curious")


def test_what_is_printed_computes_nothing_in_a_spreadsheet(demo_folder, capsys):
    _outcome(["sql", "SELECT '=1+1' AS a, '-5' AS b", "--reason", "x", "--lab", str(demo_folder)])

    assert capsys.readouterr().out == "a,b\n'=1+1,-5\n"
